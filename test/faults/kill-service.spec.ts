import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { greatestBounds, setBounds } from '../support/bounds.js';
import type { ApiResponse } from '../support/client.js';
import { count } from '../support/environment.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { Cluster, patientNodes, type Node } from './cluster.js';

const atOnce = 100;
/** One key alone may not have so many calls under way. */
const managerKeys = 5;

describe('kill -9 of the service between 200 concurrent creates and revokes', () => {
  let cluster: Cluster;
  let node: Node;
  let org: Organisation;
  const keys: string[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, variables: patientNodes });
    [node] = cluster.nodes as [Node];
    const { operatorKey } = cluster;
    const as = (key: string) => node.as(key);
    org = await createOrganisation({ operator: as(operatorKey), as });
    await setBounds(as(operatorKey), org, greatestBounds);
    while (keys.length < managerKeys) {
      keys.push((await createKey(org.manager, org, { scope: 'admin' })).secret);
    }
  });
  afterAll(() => cluster.stop());

  /** Runs 100 creates and 100 revokes, and restarts the service after some were acknowledged. */
  async function round(killAfter: number): Promise<{ created: string[]; revoked: string[] }> {
    let calls = 0;
    const manager = () => node.as(keys[(calls += 1) % managerKeys] ?? '');
    const path = org.path('/keys');
    const created: string[] = [];
    const revoked: string[] = [];
    let left = Infinity;
    /** Notes what was acknowledged. A response that never came counts for nothing. */
    const note = (list: string[], success: number) => (response: ApiResponse) => {
      if (response.status !== success) return;
      list.push((response.body.key ?? response.body).id);
      left -= 1;
      if (left === 0) node.signal('SIGKILL');
    };
    const create = () =>
      manager()
        .post(path, { name: 'k', scope: 'read' })
        .then(note(created, 201), () => undefined);
    const revoke = (id: string) =>
      manager()
        .delete(`${path}/${id}`)
        .then(note(revoked, 200), () => undefined);
    try {
      await Promise.all(Array.from({ length: atOnce }, create));
      left = killAfter;
      await Promise.all([...created].flatMap((id) => [revoke(id), create()]));
    } finally {
      await node.kill();
      await node.start();
    }
    return { created, revoked };
  }

  const events = async (action: string) => {
    const { rows } = await cluster.db.query<{ target_id: string; events: number }>(
      'SELECT target_id, count(*)::int AS events FROM audit_events WHERE action = $1 GROUP BY 1',
      [action],
    );
    return new Map(rows.map(({ target_id, events: n }) => [target_id, n]));
  };
  const ids = async (condition: string) => {
    const { rows } = await cluster.db.query<{ id: string }>(
      `SELECT id FROM api_keys WHERE ${condition}`,
    );
    return rows.map(({ id }) => id);
  };

  it('loses nothing acknowledged, and every change has exactly one audit row', async () => {
    const rounds = count(2, 20);
    const acknowledged = { created: [] as string[], revoked: [] as string[] };
    for (let n = 0; n < rounds; n += 1) {
      const { created, revoked } = await round(1 + Math.floor((n * 180) / rounds));
      acknowledged.created.push(...created);
      acknowledged.revoked.push(...revoked);
    }
    expect((await node.as(cluster.operatorKey).get('/readyz')).status).toBe(200);
    const keys = await ids('true');
    const revokedKeys = await ids('revoked_at IS NOT NULL');
    const [creations, revocations] = [await events('key.created'), await events('key.revoked')];
    expect(acknowledged.revoked.length).toBeGreaterThan(0);
    expect(acknowledged.created.filter((id) => !keys.includes(id))).toEqual([]);
    expect(acknowledged.revoked.filter((id) => !revokedKeys.includes(id))).toEqual([]);
    expect([...creations.keys()].sort()).toEqual([...keys].sort());
    expect([...revocations.keys()].sort()).toEqual([...revokedKeys].sort());
    expect([...creations.values(), ...revocations.values()].every((n) => n === 1)).toBe(true);
  });
});
