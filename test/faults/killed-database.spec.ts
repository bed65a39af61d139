import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyNow } from '../support/chain.js';
import { count } from '../support/environment.js';
import { note } from '../support/note.js';
import { withTestServer } from '../support/server.js';
import { describeUnless } from '../support/unless.js';
import type { Cluster } from './cluster.js';
import { killPostmaster } from './database-troubles.js';
import { keepHistory, type Line } from './history.js';
import { describe as report } from './report.js';
import { runScenario, type Outcome } from './scenario.js';

const kills = count(1, 10);
/** Milliseconds of load before and after each. */
const between = 1_500;
const nodes = 2;

const { DATABASE_URL: given = '' } = process.env;
const isForeign = given !== '' && 'the server of DATABASE_URL is not to be harmed';

describeUnless(isForeign, 'kill -9 of PostgreSQL under load', () => {
  async function run(seed: number, dataDir: string): Promise<Outcome> {
    const harm = async (cluster: Cluster, history: Line[]) => {
      await delay(between);
      for (let n = 0; n < kills; n += 1) {
        const begin = performance.now();
        await killPostmaster(cluster, dataDir);
        const trouble = { type: 'trouble', kind: 'kill -9 of the postmaster', node: -1 } as const;
        history.push({ ...trouble, begin, end: performance.now() });
        await delay(between);
      }
      expect(await verifyNow(cluster.db)).toMatchObject({ findings: [] });
    };
    return runScenario({
      seed,
      seconds: 0,
      nodes,
      harm,
      hasNemesis: false,
      readersPerNode: 8,
      mutators: 6,
    });
  }

  it('loses nothing that was confirmed, and the same processes go on', async () => {
    const seed = 1 + Math.floor(Math.random() * 1e6);
    await withTestServer(async ({ dataDir = '' }) => {
      const outcome = await run(seed, dataDir);
      const { lines, findings } = outcome;
      note(report(outcome));
      if (findings.length > 0)
        throw new Error(`the history is in ${await keepHistory(seed, lines)}`);
      const readings = lines.filter((line) => line.type === 'read');
      // A process that ends takes the connections of its readers along.
      expect(readings.filter(({ result }) => result === 'lost')).toEqual([]);
      expect(readings.some(({ result }) => result === 'unavailable')).toBe(true);
      const last = lines.findLast((line) => line.type === 'trouble');
      for (let node = 0; node < nodes; node += 1) {
        const after = readings.filter((one) => one.node === node && one.begin > (last?.end ?? NaN));
        expect(after.some(({ result }) => result === 'valid')).toBe(true);
      }
    });
  });
});
