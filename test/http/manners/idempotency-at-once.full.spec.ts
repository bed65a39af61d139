import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiResponse } from '../../support/client.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

const keyIds = (responses: ApiResponse[]) =>
  new Set(responses.map(({ body }) => body.key.id as string));
const withSecret = (responses: ApiResponse[]) => responses.filter(({ body }) => 'secret' in body);

describe('calls with one Idempotency-Key at the same time', () => {
  let service: Service;
  let second: SecondService;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    second = await startSecondService(service);
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await second.stop();
    await service.stop();
  });

  const create = (key: string, node: Pick<Service, 'as'> = service) =>
    node
      .as(org.manager.key)
      .post(org.path('/keys'), { name: key, scope: 'read' }, { 'idempotency-key': key });
  /** Calls again as long as the service says so. */
  async function insist(key: string, node: Pick<Service, 'as'>): Promise<ApiResponse> {
    for (;;) {
      const response = await create(key, node);
      if (![409, 429, 503].includes(response.status)) return response;
      expect(response.body.code).toMatch(
        /^(idempotency_in_progress|too_many_requests|busy|unavailable)$/,
      );
    }
  }
  const stored = async (name: string) => {
    const { rows } = await service.db.query('SELECT id FROM api_keys WHERE name = $1', [name]);
    return rows.length;
  };
  const lockOrg = () =>
    hold(service.db, 'SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE', [org.id]);

  it('create one key when 200 come to two nodes, and one response has the secret', async () => {
    const calls = Array.from({ length: 200 }, (_, n) => insist('crowd', n % 2 ? second : service));
    const responses = await Promise.all(calls);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
    expect(keyIds(responses).size).toBe(1);
    expect(new Set(responses.map(({ body }) => body.authSeq as number)).size).toBe(1);
    expect(withSecret(responses)).toHaveLength(1);
    const replayed = responses.filter(({ headers }) => headers.has('idempotency-replayed'));
    expect(replayed).toHaveLength(199);
    expect(await stored('crowd')).toBe(1);
  });

  it('wait for the first, and keep no row locked meanwhile', async () => {
    await using holder = await lockOrg();
    const first = create('wait');
    await untilWaiting(service.db, 1);
    const others = [create('wait'), create('wait', second)];
    await untilWaiting(service.db, 3);
    const { rows } = await service.db.query(
      `SELECT EXISTS (SELECT FROM pg_locks l
         WHERE l.pid = a.pid AND l.relation = 'organisations'::regclass) AS locks
       FROM pg_stat_activity a WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND query LIKE 'INSERT INTO idempotency_keys%'`,
    );
    expect(rows).toEqual([{ locks: false }, { locks: false }]);
    await holder.rollback();
    const responses = await Promise.all([first, ...others]);
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(keyIds(responses).size).toBe(1);
    expect(withSecret(responses)).toEqual([responses[0]]);
  });

  it('take over from a first one that fails', async () => {
    await using holder = await lockOrg();
    const first = create('heir');
    await untilWaiting(service.db, 1);
    await delay(1_000);
    const heir = create('heir', second);
    expect((await first).body).toMatchObject({ status: 503, code: 'busy' });
    await holder.rollback();
    const response = await heir;
    expect(response.status).toBe(201);
    expect(response.body.secret).toMatch(/^kf_/);
    expect(await stored('heir')).toBe(1);
  });

  it('get 409 when the first takes longer than two seconds', async () => {
    await using holder = await hold(
      service.db,
      `INSERT INTO idempotency_keys (principal_id, key, fingerprint) VALUES ($1, 'stuck', '')`,
      [org.manager.keyId],
    );
    const response = await create('stuck');
    expect(response.body).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
    await holder.rollback();
    expect((await create('stuck')).body.secret).toMatch(/^kf_/);
  });

  it('start over once a day has passed, and still create one key', async () => {
    await create('daily');
    await service.db.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '2 days' WHERE key = 'daily'`,
    );
    const calls = Array.from({ length: 40 }, (_, n) => insist('daily', n % 2 ? second : service));
    const responses = await Promise.all(calls);
    expect(keyIds(responses).size).toBe(1);
    expect(withSecret(responses)).toHaveLength(1);
    expect(await stored('daily')).toBe(2);
  });
});
