import { describe, it } from 'node:test';
import { expect } from 'expect';
import { isFull } from '../support/environment.js';
import type { Rule } from './checker.js';
import { describeHunt, hunt, mutants } from './mutants.js';
import { noTriggers } from './mutants/no-triggers.js';
import { describe as report } from './report.js';
import { runScenario } from './scenario.js';

/** The first schedules show these. */
const quickest = ['ttl-cache', 'two-statements'];

describe('a service is caught in which', () => {
  for (const mutant of mutants) {
    it(mutant.mistake, { skip: !isFull && !quickest.includes(mutant.name) }, async (test) => {
      const caught = await hunt(mutant);
      test.diagnostic(describeHunt(mutant, caught));
      expect(caught).toBeDefined();
    });
  }
});

describe('the proof under load notices when', { skip: !isFull }, () => {
  const load = { seconds: 5, nodes: 2, readersPerNode: 3, mutators: 3, hasNemesis: false };
  const histories = 3;
  const broken = {
    'what was found is used for two seconds': {
      mutant: mutants.find(({ name }) => name === 'ttl-cache'),
      rule: 'stale accept',
    },
    'the history does not see what is written': {
      mutant: { patches: [noTriggers] },
      rule: 'number',
    },
  } as const;

  for (const [name, { rule, mutant }] of Object.entries(broken)) {
    it(name, async (test) => {
      const rules = new Set<Rule>();
      // A busy machine may not come to a change that shows it in the first history.
      for (let seed = 1; seed <= histories && !rules.has(rule); seed += 1) {
        const outcome = await runScenario({ ...load, ...mutant, seed });
        test.diagnostic(report(outcome));
        for (const finding of outcome.findings) rules.add(finding.rule);
      }
      expect([...rules]).toContain(rule);
    });
  }
});
