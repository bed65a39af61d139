import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import { isFull } from '../support/environment.js';
import { hold, untilWaiting } from '../support/locks.js';
import { Cluster, type Node } from './cluster.js';
import type { Answer } from './http.js';
import { probe, ways, type Verdict } from './probe.js';
import { Team, type TeamKey } from './team.js';

/** All the connections that a node has for changes. */
const hanging = 10;
/** Milliseconds; less than the 2 s after which a change gives up a lock. */
const period = 500;
/** Milliseconds that a slow machine may take to come to a verdict at all. */
const patience = 10_000;

describe('a node all of whose connections for changes hang', () => {
  let cluster: Cluster;
  let team: Team;
  let node: Node;
  let key: TeamKey;

  before(async () => {
    cluster = await Cluster.start({ nodes: 1 });
    [node] = cluster.nodes as [Node];
    team = await Team.create(cluster);
    key = await team.createKey(node);
  });
  after(() => cluster.stop());

  /** Verifies the key again and again for so many milliseconds, or until a slow machine has it. */
  async function verifyFor(
    ms: number,
    wanted: Verdict,
  ): Promise<{ verdicts: Set<Verdict>; figures: string }> {
    const verdicts = new Set<Verdict>();
    const durations: number[] = [];
    const start = performance.now();
    const isOver = () => performance.now() > start + (verdicts.has(wanted) ? ms : patience);
    while (!isOver()) {
      const begin = performance.now();
      const way = ways[durations.length % ways.length] ?? 'verify';
      const { verdict } = await probe(node, way, team.about(key));
      durations.push(performance.now() - begin);
      verdicts.add(verdict);
    }
    durations.sort((a, b) => a - b);
    const median = durations[Math.floor(durations.length / 2)] ?? NaN;
    const longest = durations.at(-1) ?? NaN;
    const figures = `p50 ${median.toFixed(1)}, max ${longest.toFixed(1)} ms (${durations.length})`;
    return { verdicts, figures };
  }

  const rename = (name: string) => team.call(node, 'PATCH', team.path(), { name });

  it('verifies as before, and answers every change when the database falls silent', async (t) => {
    const timed = async (call: () => Promise<Answer>) => {
      const begin = performance.now();
      const { status, headers, body } = await call();
      const retryAfter = headers['retry-after'];
      return { status, retryAfter, code: body?.code as unknown, ms: performance.now() - begin };
    };
    const unavailable = { status: 503, retryAfter: '1', code: 'unavailable' };
    t.diagnostic(`verifications: ${(await verifyFor(period, 'allowed')).figures}`);
    await using lock = await hold(
      cluster.db,
      'SELECT FROM organisations WHERE id = $1 FOR UPDATE',
      [team.orgId],
    );
    let isSilent = false;
    /** One after the other gives up the lock, so that a slow machine has all of them wait as well. */
    const hang = async (n: number) => {
      for (;;) {
        const end = await timed(() => rename(`Name ${n}`));
        if (isSilent) return end;
      }
    };
    const changes = Array.from({ length: hanging }, (_, n) => hang(n));
    await untilWaiting(cluster.db, hanging);
    const beside = await verifyFor(period, 'allowed');
    t.diagnostic(`verifications while ${hanging} changes hang: ${beside.figures}`);
    expect(beside.verdicts).toContain('allowed');
    expect(beside.verdicts).not.toContain('refused');

    isSilent = true;
    node.proxy.silence();
    const silent = await verifyFor(period, 'unavailable');
    t.diagnostic(`verifications in silence: ${silent.figures}`);
    expect(silent.verdicts).toEqual(new Set(['unavailable']));
    const fresh = await timed(() => rename('In silence'));
    expect(fresh).toMatchObject(unavailable);
    await lock.rollback();
    // What was under way waits for its own time-out, unless the connections break before.
    if (isFull) await Promise.all(changes);
    await node.proxy.heal();
    const ends = await Promise.all(changes);
    for (const { code, ...end } of ends) {
      expect(end).toMatchObject({ status: 503, retryAfter: '1' });
      // Some may just have given up the lock.
      expect(code).toMatch(/^(unavailable|busy)$/);
    }
    const longest = Math.max(...ends.map(({ ms }) => ms));
    t.diagnostic(
      `a new change in silence: 503 after ${fresh.ms.toFixed(0)} ms; those under way: after ${longest.toFixed(0)} ms`,
    );

    const healed = performance.now();
    while ((await rename('Afterwards')).status === 503) await delay(5);
    t.diagnostic(`a change works ${(performance.now() - healed).toFixed(0)} ms after the silence`);
    const { name } = await team.change(node, 'GET', team.path());
    expect(name).toBe('Afterwards');
  });
});
