import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { isFull } from '../support/environment.js';
import { hold, untilWaiting } from '../support/locks.js';
import { note } from '../support/note.js';
import { Cluster, type Node } from './cluster.js';
import type { NodeResponse } from './http.js';
import { probe, ways, type Decision } from './probe.js';
import { Team, type TeamKey } from './team.js';

/** All the connections that a node has for the changes of one organisation. */
const hanging = 4;
/** Milliseconds; less than the 2 s after which a change stops waiting for a lock. */
const period = 500;
/** Milliseconds that a slow machine may take to come to a decision at all. */
const timeoutMs = 10_000;

describe('a node all of whose connections for changes of one organisation hang', () => {
  let cluster: Cluster;
  let team: Team;
  let node: Node;
  let key: TeamKey;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1 });
    [node] = cluster.nodes as [Node];
    team = await Team.create(cluster);
    key = await team.createKey(node);
  });
  afterAll(() => cluster.stop());

  /** Verifies the key again and again for so many milliseconds, or until a slow machine has it. */
  async function verifyFor(
    ms: number,
    wanted: Decision,
  ): Promise<{ decisions: Set<Decision>; figures: string }> {
    const decisions = new Set<Decision>();
    const durations: number[] = [];
    const start = performance.now();
    const isOver = () => performance.now() > start + (decisions.has(wanted) ? ms : timeoutMs);
    while (!isOver()) {
      const begin = performance.now();
      const way = ways[durations.length % ways.length] ?? 'verify';
      const { decision } = await probe(node, way, team.about(key));
      durations.push(performance.now() - begin);
      decisions.add(decision);
    }
    durations.sort((a, b) => a - b);
    const median = durations[Math.floor(durations.length / 2)] ?? NaN;
    const longest = durations.at(-1) ?? NaN;
    const figures = `p50 ${median.toFixed(1)}, max ${longest.toFixed(1)} ms (${durations.length})`;
    return { decisions, figures };
  }

  const rename = (name: string) => team.call(node, 'PATCH', team.path(), { name });

  it('verifies as before, and responds to every change when the database falls silent', async () => {
    const timed = async (call: () => Promise<NodeResponse>) => {
      const begin = performance.now();
      const { status, headers, body } = await call();
      const retryAfter = headers['retry-after'];
      return { status, retryAfter, code: body?.code as unknown, ms: performance.now() - begin };
    };
    const unavailable = { status: 503, retryAfter: '1', code: 'unavailable' };
    note(`verifications: ${(await verifyFor(period, 'allowed')).figures}`);
    await using lock = await hold(
      cluster.db,
      'SELECT FROM organisations WHERE id = $1 FOR UPDATE',
      [team.orgId],
    );
    let isSilent = false;
    /** One after the other stops waiting for the lock, so that a slow machine has all of them wait as well. */
    const hang = async (n: number) => {
      for (;;) {
        const end = await timed(() => rename(`Name ${n}`));
        if (isSilent) return end;
      }
    };
    const changes = Array.from({ length: hanging }, (_, n) => hang(n));
    await untilWaiting(cluster.db, hanging);
    const beside = await verifyFor(period, 'allowed');
    note(`verifications while ${hanging} changes hang: ${beside.figures}`);
    expect(beside.decisions).toContain('allowed');
    expect(beside.decisions).not.toContain('refused');

    isSilent = true;
    node.proxy.silence();
    const silent = await verifyFor(period, 'unavailable');
    note(`verifications in silence: ${silent.figures}`);
    expect(silent.decisions).toEqual(new Set(['unavailable']));
    const fresh = await timed(() => rename('In silence'));
    expect(fresh).toMatchObject(unavailable);
    await lock.rollback();
    // What was under way waits for its own time-out, unless the connections break before.
    if (isFull) await Promise.all(changes);
    await node.proxy.heal();
    const ends = await Promise.all(changes);
    for (const { code, ...end } of ends) {
      expect(end).toMatchObject({ status: 503, retryAfter: '1' });
      // Some may just have stopped waiting for the lock.
      expect(code).toMatch(/^(unavailable|busy)$/);
    }
    const longest = Math.max(...ends.map(({ ms }) => ms));
    note(
      `a new change in silence: 503 after ${fresh.ms.toFixed(0)} ms; those under way: after ${longest.toFixed(0)} ms`,
    );

    const healed = performance.now();
    while ((await rename('Afterwards')).status === 503) await delay(5);
    note(`a change works ${(performance.now() - healed).toFixed(0)} ms after the silence`);
    const { name } = await team.change(node, 'GET', team.path());
    expect(name).toBe('Afterwards');
  });
});
