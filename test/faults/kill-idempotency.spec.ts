import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiResponse } from '../support/client.js';
import { count } from '../support/environment.js';
import { Cluster, patientNodes, type Node } from './cluster.js';

const atOnce = 200;

/** When the service is killed: shortly after the first call, once the key is stored, or after so many responses. */
type End = 'early' | 'stored' | number;

describe('kill -9 of the service between 200 creations with one Idempotency-Key', () => {
  let cluster: Cluster;
  let node: Node;
  let path: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, variables: patientNodes });
    [node] = cluster.nodes as [Node];
    const { body } = await node.as(cluster.operatorKey).get('/v1/whoami');
    path = `/v1/orgs/${body.orgId}/keys`;
  });
  afterAll(() => cluster.stop());

  const create = (key: string): Promise<ApiResponse | undefined> =>
    node
      .as(cluster.operatorKey)
      .post(
        path,
        { name: key, scope: 'read', permissions: ['verify:read'] },
        { 'idempotency-key': key },
      )
      .catch(() => undefined);

  /** Calls again as long as there is no response, or one that says so. */
  async function insist(key: string): Promise<ApiResponse> {
    for (;;) {
      const response = await create(key);
      if (response !== undefined && ![409, 429, 503].includes(response.status)) return response;
    }
  }

  /** Waits until the key is in the database, which is just before the first response. */
  async function untilStored(key: string): Promise<void> {
    const isStored = async () =>
      (await cluster.db.query('SELECT FROM api_keys WHERE name = $1', [key])).rows.length > 0;
    while (!(await isStored()));
  }

  /** Makes all calls at once, and kills the service when it is time; the responses that came. */
  async function interrupted(key: string, end: End): Promise<ApiResponse[]> {
    const responses: ApiResponse[] = [];
    const calls = Array.from({ length: atOnce }, async () => {
      const response = await create(key);
      if (response?.status === 201) responses.push(response);
      if (responses.length === end) node.signal('SIGKILL');
    });
    if (end === 'early') await delay(20);
    if (end === 'stored') await untilStored(key);
    if (typeof end === 'string') node.signal('SIGKILL');
    await Promise.all(calls);
    await node.kill();
    return responses;
  }

  it('leaves one key, and its secret in one response at most', async () => {
    const ends: End[] = ['stored', 1, 'early', 40];
    for (let round = 0; round < count(2, 20); round += 1) {
      const key = `round-${round}`;
      const before = await interrupted(key, ends[round % ends.length] ?? 1);
      await node.start();
      const again = Array.from({ length: atOnce }, () => insist(key));
      const responses = [...before, ...(await Promise.all(again))];
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(responses.map(({ body }) => body.key.id as string)).size).toBe(1);
      // A process that dies between the commit and the response takes the secret with it.
      const secrets = responses.filter(({ body }) => 'secret' in body);
      expect(secrets.length).toBeLessThanOrEqual(1);
      const keys = await cluster.db.query('SELECT FROM api_keys WHERE name = $1', [key]);
      expect(keys.rows).toHaveLength(1);
      const events = await cluster.db.query(
        `SELECT FROM audit_events WHERE action = 'key.created' AND after ->> 'name' = $1`,
        [key],
      );
      expect(events.rows).toHaveLength(1);
    }
  });
});
