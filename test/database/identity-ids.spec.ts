import { expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { isId, newUserId } from '../../src/common/ids.js';
import type { Settings } from '../../src/config/settings.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { createDatabase } from '../support/environment.js';
import { takeBack } from '../support/previous-schema.js';

it('accounts at identity providers get an id at the upgrade, each one of its own', async () => {
  const database = await createDatabase();
  const db = new Pool({ connectionString: database.adminUrl, max: 1 });
  // Dropping the database ends connections that are still being closed.
  db.on('error', () => undefined);
  try {
    await takeBack(database, 'KeysByCreator1764000016002');
    const userId = newUserId();
    await db.query(
      `INSERT INTO users (id, kind, email, name, status) VALUES ($1, 'person', 'a@example.com', 'A', 'active')`,
      [userId],
    );
    await db.query(
      `INSERT INTO identities (issuer, subject, user_id, created_at)
       SELECT 'https://id.example.com/' || i, 'a', $1, CASE i WHEN 1 THEN 'infinity' ELSE now() END
       FROM generate_series(1, 200) AS i`,
      [userId],
    );
    const settings = { databaseUrl: database.url } as Settings;
    const nothing = () => undefined;
    await withPreparedDatabase(settings, nothing, () => Promise.resolve());
    const { rows } = await db.query<{ id: string; is_readable: boolean }>(
      `SELECT id, isfinite(created_at) AS is_readable FROM identities`,
    );
    expect(new Set(rows.map(({ id }) => id)).size).toBe(200);
    expect(rows.filter(({ id }) => !isId('idn', id))).toEqual([]);
    expect(rows.filter((row) => !row.is_readable)).toEqual([]);
    // What is barred would be bound again by the release before.
    await db.query(
      `INSERT INTO barred_identities (id, user_id, issuer, subject, created_at)
       SELECT 'idn_x', user_id, issuer, subject, created_at FROM identities LIMIT 1`,
    );
    await expect(takeBack(database, 'SignInTokens1764000022000')).rejects.toThrow(
      'allow them first',
    );
  } finally {
    await db.end();
    await database.drop();
  }
});
