import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool, type PoolClient } from 'pg';
import { headOf, logSince } from '../support/history.js';
import { verify } from '../support/keys.js';
import { hold } from '../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

describe('the history of transactions that change much', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

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

  /** What was added to the history, which must have this many numbers more. */
  async function added(numbers: number, work: () => Promise<unknown>): Promise<string[]> {
    const head = await headOf(service.db);
    await work();
    expect(await headOf(service.db)).toBe(head + numbers);
    return (await logSince(service.db, head)).map(({ kind, reference }) => `${kind} ${reference}`);
  }

  let crowds = 0;
  /** Adds so many users, without a trace of them in the memory of any node; their ids begin alike. */
  async function addCrowd(size: number): Promise<string> {
    const prefix = `usr_crowd_${(crowds += 1)}_`;
    await service.db.query(
      `INSERT INTO users (id, kind, name)
       SELECT $1 || i, 'service', 'crowd' FROM generate_series(1, $2::int) i`,
      [prefix, size],
    );
    return prefix;
  }
  const rename = `UPDATE users SET name = name || '.' WHERE starts_with(id, $1)`;
  const revoke = 'UPDATE api_keys SET revoked_at = now() WHERE id = $1';

  const orders: Record<
    string,
    (client: PoolClient, crowd: string, keyId: string) => Promise<unknown>
  > = {
    first: async (client, crowd, keyId) => {
      await client.query(revoke, [keyId]);
      await client.query(rename, [crowd]);
    },
    'last, when the others are written down': async (client, crowd, keyId) => {
      await client.query(rename, [crowd]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query(revoke, [keyId]);
    },
    'behind a savepoint that took as many back': async (client, crowd, keyId) => {
      await client.query('SAVEPOINT a');
      await client.query(rename, [crowd]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query('ROLLBACK TO a; SET CONSTRAINTS ALL DEFERRED');
      await client.query(rename, [crowd]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query(revoke, [keyId]);
    },
    'before a savepoint that takes the others back': async (client, crowd, keyId) => {
      await client.query(revoke, [keyId]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE; SAVEPOINT a');
      await client.query(rename, [crowd]);
      await client.query('ROLLBACK TO a');
      await client.query(rename, [crowd]);
    },
  };
  for (const [order, change] of Object.entries(orders)) {
    it(`has a key that is revoked ${order}, around 1,000 references`, async () => {
      for (const others of [998, 999, 1_000, 1_001, 1_002]) {
        const crowd = await addCrowd(others);
        const key = await createKey(org.member, org);
        expect((await verify(service, key.secret)).code).toBe('VALID');
        const references = await added(1, () =>
          inTransaction(async (client) => {
            await change(client, crowd, key.id);
          }),
        );
        if (others >= 1_000) expect(references).toEqual(['everything ']);
        else expect(references).toHaveLength(others + 1);
        if (others < 1_000) expect(references).toContain(`key ${key.id}`);
        expect((await verify(service, key.secret)).code).toBe('INVALID');
      }
    });
  }

  it('counts the references of all tables together', async () => {
    const crowd = await addCrowd(1_000);
    const both = (size: number) => async (client: PoolClient) => {
      await client.query(`${rename} AND length(id) < $2`, [crowd, crowd.length + size]);
      await client.query(`UPDATE organisations SET name = name || '.' WHERE id = $1`, [org.id]);
    };
    expect(await added(1, () => inTransaction(both(4)))).toHaveLength(1_000);
    expect(await added(1, () => inTransaction(both(5)))).toEqual(['everything ']);
  });

  it('begins again with each transaction of a loop, and knows blocks that were undone', async () => {
    const [crowd] = [await addCrowd(600)];
    const loop = `DO $$ BEGIN
      FOR i IN 1 .. 3 LOOP
        UPDATE users SET name = name || i WHERE starts_with(id, '${crowd}');
        BEGIN
          INSERT INTO users (id, kind, name) SELECT id || 'x', kind, name FROM users WHERE starts_with(id, '${crowd}');
          SET CONSTRAINTS ALL IMMEDIATE;
          RAISE EXCEPTION 'undone';
        EXCEPTION WHEN raise_exception THEN
          SET CONSTRAINTS ALL DEFERRED;
        END;
        COMMIT;
      END LOOP;
    END $$`;
    const references = await added(3, () => service.db.query(loop));
    expect(references).toHaveLength(3 * 600);
    expect(new Set(references).size).toBe(600);
  });

  const settings: Record<string, (number: number) => string> = {
    nothing: () => '',
    'no number': () => 'x/y',
    'a list that goes on': (number) => `${number}/5/`,
    'a line more': (number) => `${number}/5\n${number}/6`,
    'too little': (number) => `${number}/0`,
    'too much': (number) => `${number}/1001`,
    'far too much': (number) => `${number}/99999999999999999999`,
    'less than nothing': (number) => `${number}/-5000`,
    'the number before': (number) => `${number - 1}/1001`,
    'a number that is longer': (number) => `1${number}/1001`,
  };
  for (const [what, valueOf] of Object.entries(settings)) {
    it(`lacks nothing when somebody sets its count to ${what}`, async () => {
      for (const [before, behind] of [
        [2, 2],
        [600, 600],
        [1_001, 2],
      ] as const) {
        const [first, second] = [await addCrowd(before), await addCrowd(behind)];
        const references = await added(1, () =>
          inTransaction(async (client) => {
            await client.query(rename, [first]);
            await client.query('SET CONSTRAINTS ALL IMMEDIATE');
            const value = valueOf(await headOf(client));
            await client.query(`SELECT set_config('keyfence.noted', $1, true)`, [value]);
            await client.query(rename, [second]);
          }),
        );
        if (!references.includes('everything ')) expect(references).toHaveLength(before + behind);
      }
    });
  }

  it('lacks nothing when a session brings a count along, or forgets the one it has', async () => {
    const [first, second] = [await addCrowd(500), await addCrowd(501)];
    const client = await service.db.connect();
    try {
      await client.query(`SET keyfence.noted = '${(await headOf(service.db)) + 1}/1001'`);
      expect(await added(1, () => client.query(rename, [first]))).toEqual(['everything ']);
      const rest = `BEGIN; ${rename.replace('$1', `'${first}'`)}; SET CONSTRAINTS ALL IMMEDIATE;
        RESET ALL; ${rename.replace('$1', `'${second}'`)}; COMMIT`;
      expect(await added(1, () => client.query(rest))).toEqual(['everything ']);
    } finally {
      client.release();
    }
  });

  it('reads no more of it for the thousandth row than for the first', async () => {
    const crowd = await addCrowd(1_000);
    await inTransaction(async (client) => {
      const rowsRead = async () => {
        const { rows } = await client.query<{ read: number }>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables
           WHERE relname = 'auth_log'`,
        );
        return rows[0]?.read ?? NaN;
      };
      const before = await rowsRead();
      await client.query(rename, [crowd]);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      expect((await rowsRead()) - before).toBeLessThan(3_000);
    });
  });

  it('takes numbers one behind the other, however many ask at once', async () => {
    const pool = new Pool({ connectionString: service.settings.databaseUrl, max: 20 });
    // Dropping the database ends connections that are still being closed.
    pool.on('error', () => undefined);
    const crowd = await addCrowd(20);
    try {
      const head = await headOf(service.db);
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          for (let change = 0; change < 10; change += 1) {
            await pool.query(`UPDATE users SET name = name || '.' WHERE id = $1`, [
              `${crowd}${index + 1}`,
            ]);
          }
        }),
      );
      const numbers = (await logSince(service.db, head)).map(({ n }) => n);
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => head + 1 + index));
    } finally {
      await pool.end();
    }
  });

  it('costs no more while an old snapshot keeps all versions of the head and of the log', async () => {
    const pages = async () => {
      const { rows } = await service.db.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT auth_advance()',
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
      return (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
    };
    // As if so many changes had been, without waiting for them.
    const pass = (count: number) =>
      service.db.query(`
        INSERT INTO auth_log SELECT n + i, 'advance', '' FROM auth_head, generate_series(1, ${count}) i;
        DO $$ DECLARE version tid; BEGIN
          SELECT ctid INTO version FROM auth_head;
          FOR i IN 1 .. ${count} LOOP
            UPDATE auth_head SET n = n + 1 WHERE ctid = version RETURNING ctid INTO version;
          END LOOP;
        END $$`);
    await pass(100);
    await using snapshot = await hold(
      service.db,
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    );
    await snapshot.query('SELECT n FROM auth_head');
    await pass(40_000);
    const read: number[] = [];
    for (let number = 0; number < 200; number += 1) read.push(await pages());
    read.sort((a, b) => a - b);
    // All of the head has 330. Whatever begins a new page of it has to look at the others, each hundredth
    // number prunes the log, and on a busy server a vacuum may come in between.
    expect(read[100]).toBeLessThan(50);
  });

  it('keeps at least the last 10,000 numbers, and not many more', async () => {
    const { db } = service;
    // As if so many changes had been, without waiting for them.
    await db.query(`DELETE FROM auth_log; UPDATE auth_head SET n = 20000;
      INSERT INTO auth_log SELECT i, 'advance', '' FROM generate_series(10001, 20000) i`);
    for (let number = 20_001; number <= 20_201; number += 1) {
      await db.query('SELECT auth_advance()');
      const { rows } = await db.query<{ first: number; count: number }>(
        'SELECT min(n)::int AS first, count(DISTINCT n)::int AS count FROM auth_log',
      );
      const first = number - (number % 100) - 9_999;
      expect(rows).toEqual([{ first, count: number - first + 1 }]);
    }
  });
});
