import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { change, changeKinds, createTeam, drawChanges, type Outcome } from '../support/changes.js';
import { verifyNow } from '../support/chain.js';
import { count, drawSeed } from '../support/environment.js';
import { startNode, type NodeProcess } from '../support/node-process.js';
import { note } from '../support/note.js';
import { findMisreported, findUnaudited } from '../support/replay.js';
import { startService, type Service } from '../support/service.js';

const atOnce = 40;

const hadToWait = ({ response }: Outcome) => ['busy', 'unavailable'].includes(response?.body?.code);

describe('Many changes of two organisations at once through two nodes', () => {
  let service: Service;
  let nodes: NodeProcess[];

  beforeAll(async () => {
    service = await startService();
    nodes = [await startNode(service), await startNode(service)];
  });
  afterAll(async () => {
    for (const { child } of nodes) child.kill('SIGKILL');
    await service.stop();
  });

  /**
   * Makes all the changes, so many at a time, alternating between the nodes. On a slow machine they
   * queue for longer than a lock or a connection is waited for: those are asked for again.
   */
  async function makeChanges(seed: number, changes: number): Promise<Outcome[]> {
    const teams = [await createTeam(service, 10), await createTeam(service, 10)];
    const draws = drawChanges(seed, changes);
    const outcomes: Outcome[] = [];
    const work = async (_: unknown, n: number) => {
      const node = nodes[n % nodes.length] as NodeProcess;
      for (let draw = draws.pop(); draw !== undefined; draw = draws.pop()) {
        const outcome = await change(teams, draw, service.operator.key ?? '', node.as);
        outcomes.push(outcome);
        if (hadToWait(outcome)) draws.push(draw);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return outcomes;
  }

  /** Ends the nodes and their connections: only those report to PostgreSQL what they have counted. */
  async function deadlocks(): Promise<number> {
    const opened = `FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = 'keyfence'`;
    await service.app.close();
    for (const node of nodes) await node.stop();
    while ((await service.db.query(`SELECT ${opened}`)).rows.length > 0) await delay(5);
    const { rows } = await service.db.query<{ n: number }>(
      'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]?.n ?? NaN;
  }

  it('fails none, deadlocks never, and leaves one audit row for each', async () => {
    const seed = drawSeed();
    note(`KEYFENCE_TEST_SEED=${seed}`);
    const outcomes = await makeChanges(seed, count(600, 2_000));
    const failures = outcomes
      .filter(({ response }) => response === undefined || response.status >= 500)
      .filter((outcome) => !hadToWait(outcome))
      .map(({ kind, response }) => `${kind}: ${response?.text ?? 'no response'}`);
    expect(failures).toEqual([]);
    const succeeded = outcomes.filter(({ response }) => (response?.status ?? 0) < 300);
    expect(new Set(succeeded.map(({ kind }) => kind))).toEqual(new Set(changeKinds));
    expect(await findUnaudited(service.db)).toEqual([]);
    expect(await findMisreported(service.db, outcomes)).toEqual([]);
    expect(await verifyNow(service.db)).toMatchObject({ findings: [] });
    const waited = outcomes.filter(hadToWait).length;
    note(`${succeeded.length} of ${outcomes.length} allowed, ${waited} asked for again`);
    expect(await deadlocks()).toBe(0);
  });
});
