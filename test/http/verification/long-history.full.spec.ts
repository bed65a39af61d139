import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { headOf } from '../../support/history.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

/** Rows that one response to a node has room for. */
const room = 5_000;
/** Rows of the largest transaction that the history has row by row. */
const largest = 1_001;

/**
 * What a node makes of the history when it has not asked for a while: it was stopped, cut off, or idle.
 * Everything here is hand-written SQL, so that nothing but the last request asks.
 */
describe('a node that missed a long history', () => {
  let service: Service;
  let org: Organisation;
  let keys: { id: string; secret: string }[];

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await service.db.query(
      `INSERT INTO api_keys (id, org_id, owner_id, name, scope)
       SELECT 'filler_' || lpad(i::text, 4, '0'), $1, $2, 'filler', 'read'
       FROM generate_series(1, ${largest}) i`,
      [org.id, org.manager.userId],
    );
  });
  afterAll(() => service.stop());

  async function rememberKeys(count: number): Promise<void> {
    keys = [];
    while (keys.length < count) keys.push(await createKey(org.member, org));
    expect(await responses()).toEqual(keys.map(() => 200));
  }

  const responses = () =>
    Promise.all(
      keys.map(async ({ secret }) => (await service.as(secret).get('/v1/whoami')).status),
    );

  async function resets(): Promise<Record<string, number>> {
    const { text } = await service.nobody.get('/metrics');
    const found = text.matchAll(/^keyfence_cache_resets_total\{reason="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...found].map(([, reason = '', n]) => [reason, Number(n)]));
  }

  /** Makes transactions that leave so many rows in the history, and name none of the keys. */
  async function pileUp(rows: number): Promise<void> {
    const client = await service.db.connect();
    try {
      for (let left = rows; left > 0; left -= Math.min(left, largest)) {
        await writeRows(client, Math.min(left, largest));
      }
    } finally {
      client.release();
    }
  }

  /** One number, with a row for each filler key but the first, which is the number's own row. */
  async function writeRows(client: PoolClient, rows: number): Promise<void> {
    await client.query('BEGIN');
    await client.query('SELECT auth_advance()');
    await client.query(
      `UPDATE api_keys SET name = name || '.' WHERE id IN (
         SELECT id FROM api_keys WHERE name LIKE 'filler%' ORDER BY id LIMIT $1)`,
      [rows - 1],
    );
    await client.query('COMMIT');
  }

  async function rowsSince(n: number): Promise<number> {
    const { rows } = await service.db.query<{ count: string }>(
      'SELECT count(*) FROM auth_log WHERE n > $1',
      [n],
    );
    return Number(rows[0]?.count);
  }

  const revoke = () =>
    service.db.query('UPDATE api_keys SET revoked_at = now() WHERE id = ANY($1)', [
      keys.map(({ id }) => id),
    ]);

  it('refuses keys whose revocation fills the response to its last row', async () => {
    await rememberKeys(1);
    const head = await headOf(service.db);
    const before = await resets();
    await pileUp(room - 2);
    await revoke();
    expect(await rowsSince(head)).toBe(room);
    expect(await responses()).toEqual([401]);
    expect(await resets()).toEqual(before);
  });

  it('refuses a key whose revocation is the one row that was cut off', async () => {
    await rememberKeys(1);
    const head = await headOf(service.db);
    await pileUp(room - 1);
    await revoke();
    expect(await rowsSince(head)).toBe(room + 1);
    expect(await responses()).toEqual([401]);
    expect(await resets()).toMatchObject({ cut: 1 });
  });

  it('refuses all keys of a transaction in the middle of which the response was cut off', async () => {
    await rememberKeys(10);
    const head = await headOf(service.db);
    await pileUp(room - 5);
    await revoke();
    expect(await rowsSince(head)).toBe(room + 6);
    expect(await responses()).toEqual(keys.map(() => 401));
    expect(await resets()).toMatchObject({ cut: 2 });
  });

  it('and goes on with the keys that are valid', async () => {
    await rememberKeys(2);
    await pileUp(2 * room);
    expect(await responses()).toEqual([200, 200]);
  });
});
