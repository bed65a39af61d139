import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyNow } from '../support/chain.js';
import { count, drawSeed } from '../support/environment.js';
import { note } from '../support/note.js';
import { Cluster, patientNodes, type Node } from './cluster.js';
import { probe, probeAll, ways } from './probe.js';
import { Random } from './random.js';
import { Team, type TeamKey } from './team.js';

const atOnce = 12;

describe('kill -9 of nodes that revoke', () => {
  let cluster: Cluster;
  let team: Team;
  let victims: Node[];
  let survivor: Node;
  /** Of each victim, when it can be asked again. */
  const up = new Map<Node, Promise<void>>();
  const lost = { before: 0, after: 0 };

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 3, variables: patientNodes });
    const [first, second, third] = cluster.nodes as [Node, Node, Node];
    victims = [first, second];
    survivor = third;
    team = await Team.create(cluster);
  });
  afterAll(async () => {
    await Promise.all(up.values());
    await cluster.stop();
  });

  const isRevoked = async ({ id }: TeamKey) => {
    const { rows } = await cluster.db.query<{ revoked: boolean }>(
      'SELECT revoked_at IS NOT NULL AS revoked FROM api_keys WHERE id = $1',
      [id],
    );
    return rows[0]?.revoked === true;
  };

  /** Asks the victim first, and then any node, until one says that the key is revoked. */
  async function revoke(victim: Node, key: TeamKey, random: Random): Promise<void> {
    let node = victim;
    for (let attempt = 1; ; attempt += 1) {
      const response = await team
        .call(node, 'DELETE', team.path(`/keys/${key.id}`))
        .catch(() => undefined);
      if (response?.status === 200) return;
      if (response !== undefined) expect(response.status).toBe(503);
      if (attempt === 1) lost[(await isRevoked(key)) ? 'after' : 'before'] += 1;
      await delay(10);
      node = random.pick(cluster.nodes);
    }
  }

  /** The one that is well refuses the key; a victim may be dead, but must not let it pass. */
  async function expectRefused(key: TeamKey): Promise<void> {
    const ofVictims = victims.flatMap((node) =>
      ways.map((way) => probe(node, way, team.about(key)).catch(() => undefined)),
    );
    expect(new Set(await probeAll([survivor], team.about(key)))).toEqual(new Set(['refused']));
    for (const response of ofVictims) expect((await response)?.decision).not.toBe('allowed');
  }

  async function restart(victim: Node, after: number): Promise<void> {
    await delay(after);
    await victim.kill();
    await victim.start();
  }

  /** Keys that the survivor and the victim have just found valid. */
  async function hotKeys(victim: Node): Promise<TeamKey[]> {
    const keys = await Promise.all(Array.from({ length: atOnce }, () => team.createKey(survivor)));
    for (const key of keys) {
      const decisions = await probeAll([survivor, victim], team.about(key));
      expect(new Set(decisions)).toEqual(new Set(['allowed']));
    }
    return keys;
  }

  /** Revokes some keys at once; how many milliseconds that took. */
  async function round(victim: Node, keys: readonly TeamKey[], random: Random): Promise<number> {
    const begin = performance.now();
    await Promise.all(
      keys.map(async (key) => {
        await revoke(victim, key, random);
        await expectRefused(key);
      }),
    );
    return performance.now() - begin;
  }

  it('leaves no key alive that a node has called revoked, and one audit row for each', async () => {
    const seed = drawSeed();
    note(`KEYFENCE_TEST_SEED=${seed}`);
    const random = new Random(seed);
    const keys = await hotKeys(survivor);
    const usual = await round(survivor, keys, random);
    for (let n = 0; keys.length < count(60, 1_000); n += 1) {
      const victim = victims[n % victims.length] ?? survivor;
      await up.get(victim);
      const added = await hotKeys(victim);
      up.set(victim, restart(victim, random.between(0, usual)));
      await round(victim, added, random);
      keys.push(...added);
    }
    const { before: early, after: late } = lost;
    note(`${keys.length} revokes; no response to ${early} before the commit, ${late} after it`);
    expect(early + late).toBeGreaterThan(0);
    for (const key of keys) expect(await isRevoked(key)).toBe(true);
    const { rows } = await cluster.db.query<{ events: number }>(
      `SELECT count(e.id)::int AS events FROM unnest($1::text[]) AS k (id)
         LEFT JOIN audit_events e ON e.target_id = k.id AND e.action = 'key.revoked'
       GROUP BY k.id`,
      [keys.map(({ id }) => id)],
    );
    expect(rows.map(({ events }) => events)).toEqual(keys.map(() => 1));
    expect(await verifyNow(cluster.db)).toMatchObject({ findings: [] });
  });
});
