import { describe, expect, it } from '@jest/globals';
import { count } from '../support/environment.js';
import { keepHistory } from './history.js';
import { describe as report } from './report.js';
import { runScenario } from './scenario.js';

const ways = {
  'three nodes': { isGuarded: false, seconds: count(10, 180) },
  'services that the guard package protects, on three nodes': {
    isGuarded: true,
    seconds: count(5, 60),
  },
};

for (const [what, how] of Object.entries(ways)) {
  describe(`${what}, under changes and faults`, () => {
    it('accept nothing that was revoked, and refuse nothing that is valid', async () => {
      const seed = 1 + Math.floor(Math.random() * 1e6);
      const outcome = await runScenario({
        ...how,
        seed,
        nodes: 3,
        readersPerNode: 4,
        mutators: 4,
        hasNemesis: true,
      });
      const { lines, findings } = outcome;
      if (findings.length > 0) {
        const path = await keepHistory(seed, lines);
        throw new Error(`${report(outcome)}\nthe history is in ${path}`);
      }
      expect(outcome.log).toEqual([]);
      const results = new Set(
        lines.map((line) => (line.type === 'read' ? line.result : line.type)),
      );
      expect([...results]).toEqual(
        expect.arrayContaining(['valid', 'invalid', 'change', 'trouble']),
      );
    });
  });
}
