import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import type { ApiResponse } from '../../support/client.js';
import { headOf, logSince } from '../../support/history.js';
import { verify } from '../../support/keys.js';
import { hold, untilWaiting } from '../../support/locks.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

describe('the numbered history', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  /** Runs statements in one transaction of a connection of its own. */
  async function inTransaction(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await service.db.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } finally {
      await client.query('ROLLBACK; RESET ALL');
      client.release();
    }
  }

  /** What a statement adds to the history: kinds and references; the numbers are consecutive. */
  async function added(work: () => Promise<unknown>): Promise<string[]> {
    const head = await headOf(service.db);
    await work();
    return (await logSince(service.db, head)).map(({ n, kind, reference }) => {
      expect(n).toBe(head + 1);
      return `${kind} ${reference}`;
    });
  }

  it('has one number for each transaction, however much it changes', async () => {
    const leaver = await addPerson(service, org.id, 'member');
    const others = [await createKey(leaver, org), await createKey(leaver, org)];
    const keyIds = [leaver.keyId, ...others.map(({ id }) => id)].sort();
    const head = await headOf(service.db);
    let response: ApiResponse | undefined;
    const references = await added(async () => {
      response = await org.manager.delete(org.path(`/members/${leaver.userId}`));
    });
    expect(response).toMatchObject({ status: 200, body: { authSeq: head + 1 } });
    expect(references).toEqual([
      ...keyIds.map((id) => `key ${id}`),
      `membership ${org.id}/${leaver.userId}`,
    ]);
  });

  it('has one number for a transaction of several statements, also across savepoints', async () => {
    const references = await added(() =>
      inTransaction(async (client) => {
        await client.query(`UPDATE users SET name = 'B' WHERE id = $1`, [org.member.userId]);
        await client.query('SET CONSTRAINTS ALL IMMEDIATE');
        await client.query('SAVEPOINT a');
        await client.query(`UPDATE users SET name = 'C' WHERE id = $1`, [org.manager.userId]);
        await client.query('ROLLBACK TO a');
        await client.query(`UPDATE organisations SET name = 'D' WHERE id = $1`, [org.id]);
      }),
    );
    expect(references).toEqual([`organisation ${org.id}`, `user ${org.member.userId}`]);
  });

  it('has no number for a transaction that is rolled back', async () => {
    const head = await headOf(service.db);
    await inTransaction(async (client) => {
      await client.query(`UPDATE users SET name = 'X' WHERE id = $1`, [org.member.userId]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query('ROLLBACK');
    });
    expect(await headOf(service.db)).toBe(head);
    expect(await logSince(service.db, head)).toEqual([]);
  });

  it('notes what a row referred to before, and what it refers to now', async () => {
    const [one, two] = [await createKey(org.member, org), await createKey(org.member, org)];
    const moved = await added(() =>
      service.db.query('UPDATE key_secrets SET key_id = $1 WHERE key_id = $2', [one.id, two.id]),
    );
    expect(moved).toEqual([`key ${one.id}`, `key ${two.id}`].sort());
    const other = await createOrganisation(service);
    // Without keys: those of a membership that has ended keep it from coming back.
    const account = await org.manager.post(org.path('/service-accounts'), { name: 'mover' });
    const userId = account.body.userId as string;
    const left = await added(() =>
      service.db.query('UPDATE memberships SET org_id = $1 WHERE org_id = $2 AND user_id = $3', [
        other.id,
        org.id,
        userId,
      ]),
    );
    expect(left).toEqual(
      [`membership ${org.id}/${userId}`, `membership ${other.id}/${userId}`].sort(),
    );
    const back = await added(() =>
      service.db.query('UPDATE memberships SET org_id = $1 WHERE org_id = $2 AND user_id = $3', [
        org.id,
        other.id,
        userId,
      ]),
    );
    expect(back).toEqual(left);
  });

  it('has an unbroken sequence of numbers, also after concurrent changes', async () => {
    const head = await headOf(service.db);
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        org.manager.post(org.path('/keys'), { name: `key ${index}`, scope: 'read' }),
      ),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(40).fill(201));
    const numbers = responses.map(({ body }) => body.authSeq as number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => head + 1 + index));
    expect(await headOf(service.db)).toBe(head + 40);
    const { rows } = await service.db.query<{ n: string }>(
      'SELECT DISTINCT n FROM auth_log WHERE n > 0 ORDER BY n',
    );
    expect(rows.map(({ n }) => Number(n))).toEqual(
      Array.from({ length: head + 40 }, (_, index) => index + 1),
    );
  });

  const addUsers = `INSERT INTO users (id, kind, name)
    SELECT 'usr_bulk_' || $2 || '_' || i, 'service', 'bulk' FROM generate_series(1, $1::int) i`;

  it('keeps up to 1,000 references of a transaction, and calls more of them everything', async () => {
    const few = await added(() => service.db.query(addUsers, [1_000, 'few']));
    expect(few).toHaveLength(1_000);
    expect(few).not.toContain('everything ');
    const many = await added(() => service.db.query(addUsers, [1_001, 'many']));
    expect(many).toEqual(['everything ']);
    const more = await added(() =>
      inTransaction(async (client) => {
        await client.query(addUsers, [2_500, 'more']);
        await client.query('SET CONSTRAINTS ALL IMMEDIATE');
        await client.query(`UPDATE users SET name = 'Z' WHERE id = $1`, [org.member.userId]);
      }),
    );
    expect(more).toEqual(['everything ']);
  });

  it('refuses TRUNCATE, which would leave no trace', async () => {
    const tables = ['organisations', 'users', 'memberships', 'api_keys', 'key_secrets'];
    const head = await headOf(service.db);
    for (const table of tables) {
      await expect(service.db.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({
        code: '42501',
      });
      await expect(
        inTransaction(async (client) => {
          await client.query('SET LOCAL session_replication_role = replica');
          await client.query(`TRUNCATE ${table} CASCADE`);
        }),
      ).rejects.toMatchObject({ code: '42501' });
    }
    expect(await headOf(service.db)).toBe(head);
    expect((await org.member.get('/v1/whoami')).status).toBe(200);
  });

  it('is written also in a session that turned ordinary triggers off', async () => {
    const key = await createKey(org.member, org);
    const references = await added(() =>
      inTransaction(async (client) => {
        await client.query('SET LOCAL session_replication_role = replica');
        await client.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key.id]);
      }),
    );
    expect(references).toEqual([`key ${key.id}`]);
    expect((await verify(service, key.secret)).code).toBe('INVALID');
  });

  it('is durable also from a session that gave durability up', async () => {
    const setting = async (client: PoolClient) =>
      (
        await client.query<{ value: string }>(
          `SELECT current_setting('synchronous_commit') AS value`,
        )
      ).rows[0]?.value;
    for (const [given, used] of [
      ['off', 'on'],
      ['local', 'on'],
      ['remote_apply', 'remote_apply'],
    ]) {
      await inTransaction(async (client) => {
        await client.query(`SET synchronous_commit = ${given ?? ''}`);
        await client.query('UPDATE users SET name = $2 WHERE id = $1', [org.member.userId, given]);
        expect(await setting(client)).toBe(given);
        await client.query('SET CONSTRAINTS ALL IMMEDIATE');
        expect(await setting(client)).toBe(used);
      });
    }
  });

  it('moves on when a revocation is repeated, so that its response waits for the disk', async () => {
    const key = await createKey(org.member, org);
    const first = await org.member.delete(org.path(`/keys/${key.id}`));
    const head = await headOf(service.db);
    expect(first.body.authSeq).toBe(head);
    let repeated: ApiResponse | undefined;
    const references = await added(async () => {
      repeated = await org.member.delete(org.path(`/keys/${key.id}`));
    });
    expect(repeated).toMatchObject({
      status: 200,
      body: { state: 'revoked', revokedAt: first.body.revokedAt, authSeq: head + 1 },
    });
    expect(references).toEqual([]);
    const { body } = await org.manager.get(org.path(`/audit-events?target=${key.id}`));
    const actions = (body.items as { action: string }[]).map(({ action }) => action);
    expect(actions).toEqual(['key.revoked', 'key.created']);
  });

  it('is locked no earlier than at the commit: a slow transaction keeps nobody waiting', async () => {
    const key = await createKey(org.member, org);
    await using slow = await hold(service.db, `UPDATE users SET name = 'slow' WHERE id = $1`, [
      (await addPerson(service, org.id, 'member')).userId,
    ]);
    const { status } = await org.member.delete(org.path(`/keys/${key.id}`));
    await slow.rollback();
    expect(status).toBe(200);
  });

  it('orders a change that commits late behind those that a reader has seen already', async () => {
    await using late = await hold(service.db, `UPDATE users SET name = 'late' WHERE id = $1`, [
      (await addPerson(service, org.id, 'member')).userId,
    ]);
    const key = await createKey(org.member, org);
    const seen = (await verify(service, key.secret)).authSeq as number;
    await late.commit();
    expect(await headOf(service.db)).toBe(seen + 1);
  });

  it('responds with 503 to a change whose number is not to be had, and the change may be repeated', async () => {
    const key = await createKey(org.member, org);
    await using holder = await hold(service.db, 'SELECT FROM auth_head FOR UPDATE');
    const response = org.member.delete(org.path(`/keys/${key.id}`));
    await untilWaiting(service.db);
    expect(await verify(service, key.secret)).toMatchObject({ code: 'VALID' });
    const { status, body, headers } = await response;
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'busy' });
    expect(headers.get('retry-after')).toBe('1');
    await holder.rollback();
    expect(await verify(service, key.secret)).toMatchObject({ code: 'VALID' });
    expect((await org.member.delete(org.path(`/keys/${key.id}`))).status).toBe(200);
    expect(await verify(service, key.secret)).toMatchObject({ code: 'INVALID' });
  });

  it('never goes back between two requests, and is never behind a change that had its response', async () => {
    const { secret } = await createKey(org.member, org);
    let changed = 0;
    const change = async () => {
      for (let index = 0; index < 15; index += 1) {
        const name = `name ${index}`;
        changed = (await org.manager.patch(org.path(), { name })).body.authSeq as number;
      }
    };
    const read = async () => {
      let last = 0;
      for (let index = 0; index < 60; index += 1) {
        const completed = changed;
        const asks = index % 2 === 0 ? verify(service, secret) : whoami(service, secret);
        const { authSeq } = (await asks) as { authSeq: number };
        expect(authSeq).toBeGreaterThanOrEqual(Math.max(last, completed));
        last = authSeq;
      }
    };
    await Promise.all([change(), read(), read(), read()]);
    expect((await verify(service, secret)).authSeq).toBe(changed);
  });
});

async function whoami(service: Service, secret: string): Promise<ApiResponse['body']> {
  const { status, body } = await service.as(secret).get('/v1/whoami');
  expect(status).toBe(200);
  return body;
}
