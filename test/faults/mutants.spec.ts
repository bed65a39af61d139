import { describe, expect, it } from '@jest/globals';
import { onlyInFull } from '../support/environment.js';
import { note } from '../support/note.js';
import { describeUnless, itUnless } from '../support/unless.js';
import type { Rule } from './checker.js';
import { describeHunt, hunt, mutants } from './mutants.js';
import { noTriggers } from './mutants/no-triggers.js';
import { describe as report } from './report.js';
import { runScenario } from './scenario.js';

/** The first schedules show these. */
const quickest = ['ttl-cache', 'two-statements'];

describe('a service is caught in which', () => {
  for (const mutant of mutants) {
    itUnless(!quickest.includes(mutant.name) && onlyInFull, mutant.mistake, async () => {
      const caught = await hunt(mutant);
      note(describeHunt(mutant, caught));
      expect(caught).toBeDefined();
    });
  }
});

describeUnless(onlyInFull, 'the proof under load notices when', () => {
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
    it(name, async () => {
      const rules = new Set<Rule>();
      // A busy machine may not come to a change that shows it in the first history.
      for (let seed = 1; seed <= histories && !rules.has(rule); seed += 1) {
        const outcome = await runScenario({ ...load, ...mutant, seed });
        note(report(outcome));
        for (const finding of outcome.findings) rules.add(finding.rule);
      }
      expect([...rules]).toContain(rule);
    });
  }
});
