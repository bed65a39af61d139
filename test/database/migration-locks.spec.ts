import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { createDatabase } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { hold } from '../support/locks.js';
import { takeBack } from '../support/previous-schema.js';

it('an update of the schema waits for a dump, and nobody waits for the update', async () => {
  const database = await createDatabase();
  const db = new Pool({ connectionString: database.adminUrl, max: 4 });
  // Dropping the database ends connections that are still being closed.
  db.on('error', () => undefined);
  try {
    await takeBack(database, 'HistoryCost1764000013000');
    const checks = async () => {
      const { rows } = await db.query<{ convalidated: boolean }>(
        `SELECT convalidated FROM pg_constraint WHERE conname LIKE 'api_keys%readable'`,
      );
      return rows.map(({ convalidated }) => convalidated);
    };
    await using dump = await hold(db, 'SELECT FROM api_keys');
    const { rows: holders } = await db.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction'`,
    );
    const lines: string[] = [];
    const settings = { databaseUrl: database.url } as Settings;
    const update = withPreparedDatabase(
      settings,
      (line) => lines.push(line),
      () => Promise.resolve(),
    );
    // Each statement of others fails where it waits longer than this.
    const begin = `BEGIN; SET LOCAL lock_timeout = '1s';`;
    for (const end = performance.now() + 4_000; performance.now() < end;) {
      await db.query(`${begin} SELECT FROM api_keys; SELECT FROM users; COMMIT`);
      await db.query(`${begin} UPDATE users SET name = name; COMMIT`);
      await delay(20);
    }
    const line = 'Still updating the database schema after ';
    const whom = `waits for process ${holders[0]?.pid ?? 0} (`;
    await eventually(() => lines.some((one) => one.startsWith(line) && one.includes(whom)), 60_000);
    expect(await checks()).toEqual([]);
    await dump.commit();
    await update;
    expect(await checks()).toEqual(Array.from({ length: 6 }, () => true));
  } finally {
    await db.end();
    await database.drop();
  }
});
