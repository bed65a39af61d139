import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import type { Answer } from '../support/client.js';
import { count } from '../support/environment.js';
import { Cluster, patientNodes, type Node } from './cluster.js';

const atOnce = 200;

/** When the service is killed: shortly after the first call, once the key is stored, or after so many answers. */
type End = 'early' | 'stored' | number;

describe('kill -9 of the service between 200 creations with one Idempotency-Key', () => {
  let cluster: Cluster;
  let node: Node;
  let path: string;

  before(async () => {
    cluster = await Cluster.start({ nodes: 1, variables: patientNodes });
    [node] = cluster.nodes as [Node];
    const { body } = await node.as(cluster.operatorKey).get('/v1/whoami');
    path = `/v1/orgs/${body.orgId}/keys`;
  });
  after(() => cluster.stop());

  const create = (key: string): Promise<Answer | undefined> =>
    node
      .as(cluster.operatorKey)
      .post(
        path,
        { name: key, scope: 'read', permissions: ['verify:read'] },
        { 'idempotency-key': key },
      )
      .catch(() => undefined);

  /** Calls again as long as there is no answer, or one that says so. */
  async function insist(key: string): Promise<Answer> {
    for (;;) {
      const answer = await create(key);
      if (answer !== undefined && answer.status !== 409 && answer.status !== 503) return answer;
    }
  }

  /** Waits until the key is in the database, which is just before the first answer. */
  async function untilStored(key: string): Promise<void> {
    const isStored = async () =>
      (await cluster.db.query('SELECT FROM api_keys WHERE name = $1', [key])).rows.length > 0;
    while (!(await isStored()));
  }

  /** Makes all calls at once, and kills the service when it is time; the answers that came. */
  async function interrupted(key: string, end: End): Promise<Answer[]> {
    const answers: Answer[] = [];
    const calls = Array.from({ length: atOnce }, async () => {
      const answer = await create(key);
      if (answer?.status === 201) answers.push(answer);
      if (answers.length === end) node.signal('SIGKILL');
    });
    if (end === 'early') await delay(20);
    if (end === 'stored') await untilStored(key);
    if (typeof end === 'string') node.signal('SIGKILL');
    await Promise.all(calls);
    await node.kill();
    return answers;
  }

  it('leaves one key, and its secret in one answer at the most', async () => {
    const ends: End[] = ['stored', 1, 'early', 100];
    for (let round = 0; round < count(2, 20); round += 1) {
      const key = `round-${round}`;
      const before = await interrupted(key, ends[round % ends.length] ?? 1);
      await node.start();
      const again = Array.from({ length: atOnce }, () => insist(key));
      const answers = [...before, ...(await Promise.all(again))];
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => body.key.id as string)).size).toBe(1);
      // A process that dies between the commit and the answer takes the secret with it.
      const secrets = answers.filter(({ body }) => 'secret' in body);
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
