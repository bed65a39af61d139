import { describe, it } from 'node:test';
import { expect } from 'expect';
import type { Rule } from './checker.js';
import { describe as report } from './report.js';
import { runScenario, type ScenarioOptions } from './scenario.js';

const load = { seconds: 5, nodes: 2, readersPerNode: 3, mutators: 3, hasNemesis: false };

const histories = 3;

/** A service that is broken on purpose. */
interface Mutant extends Pick<ScenarioOptions, 'preload' | 'patches'> {
  rule: Rule;
}

const mutants: Record<string, Mutant> = {
  'verdicts are remembered for two seconds': {
    preload: [new URL('mutants/ttl-cache.js', import.meta.url).href],
    rule: 'stale accept',
  },
  'the history does not see what is written': {
    patches: [
      `CREATE OR REPLACE FUNCTION auth_record() RETURNS trigger LANGUAGE plpgsql
       AS 'BEGIN RETURN NULL; END'`,
    ],
    rule: 'number',
  },
};

describe('the proof under load notices when', () => {
  for (const [name, { rule, ...mutant }] of Object.entries(mutants)) {
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
