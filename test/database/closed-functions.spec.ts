import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { createEmptyDatabase, type Database } from '../support/environment.js';

/** A function that runs as the owner of the tables. */
interface Privileged {
  name: string;
  isPublic: boolean;
  path: string | null;
}

describe('in the database of a first start', () => {
  let database: Database;
  let db: Pool;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    const settings = { databaseUrl: database.url } as Settings;
    await withPreparedDatabase(
      settings,
      () => undefined,
      () => Promise.resolve(),
    );
    db = new Pool({ connectionString: database.adminUrl, max: 1 });
    // Dropping the database ends connections that are still being closed.
    db.on('error', () => undefined);
  });
  afterAll(async () => {
    await db.end();
    await database.drop();
  });

  async function privileged(): Promise<Privileged[]> {
    const { rows } = await db.query<Privileged>(`
      SELECT p.oid::regprocedure::text AS name,
        has_function_privilege('public', p.oid, 'EXECUTE') AS "isPublic",
        (SELECT substr(setting, length('search_path=') + 1)
         FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search\\_path=%') AS path
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1`);
    return rows;
  }

  it('nobody but the owner can call what runs as the owner', async () => {
    const functions = await privileged();
    expect(functions.length).toBeGreaterThan(7);
    expect(functions.filter(({ isPublic }) => isPublic)).toEqual([]);
  });

  it('what runs as the owner looks names up where the owner alone creates them', async () => {
    const paths = (await privileged()).map(({ name, path }) => ({ name, path }));
    // Temporary objects last: they are found first where the path does not name them.
    const closed = paths.map(({ name }) => ({ name, path: 'public, pg_temp' }));
    expect(paths).toEqual(closed);
    const { rows } = await db.query<{ isOpen: boolean }>(
      `SELECT has_schema_privilege('public', 'public', 'CREATE') AS "isOpen"`,
    );
    expect(rows).toEqual([{ isOpen: false }]);
  });

  it('a function that everybody could call is noticed', async () => {
    await db.query(`CREATE FUNCTION opened() RETURNS void LANGUAGE sql SECURITY DEFINER AS ''`);
    try {
      expect(await privileged()).toContainEqual({ name: 'opened()', isPublic: true, path: null });
    } finally {
      await db.query('DROP FUNCTION opened');
    }
  });
});
