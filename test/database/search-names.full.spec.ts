import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import type { ApiResponse } from '../support/client.js';
import { createDatabase, createEmptyDatabase } from '../support/environment.js';
import { insertManyKeys } from '../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

async function search(org: Organisation, text: string): Promise<string[]> {
  const query = new URLSearchParams({ search: text, sort: 'name' });
  const { status, body } = await org.manager.get(org.path(`/keys?${query.toString()}`));
  expect(status).toBe(200);
  return (body.items as ApiResponse['body'][]).map(({ name }) => name as string);
}

async function prepare({ settings }: Service): Promise<string[]> {
  const lines: string[] = [];
  await withPreparedDatabase(
    settings,
    (line) => lines.push(line),
    () => Promise.resolve(),
  );
  return lines.filter((line) => !line.startsWith('Still '));
}

describe('the names that searches find', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('are there for keys that SQL or a node of the release before has added', async () => {
    await service.db.query(
      `INSERT INTO api_keys (id, org_id, owner_id, name, scope)
       VALUES ('key_' || repeat('1', 26), $1, $2, U&'By SQL: E\\0301COLE', 'read')`,
      [org.id, org.manager.userId],
    );
    expect(await search(org, 'École')).toHaveLength(1);
    expect(await search(org, 'sql: é')).toHaveLength(1);
  });

  it('follow a rename by SQL, also one that changes only the case of letters', async () => {
    const { id } = await createKey(org.manager, org, { name: 'first' });
    const rename = (name: string) =>
      service.db.query('UPDATE api_keys SET name = $2 WHERE id = $1', [id, name]);
    await rename('Zweiter');
    expect(await search(org, 'zwei')).toEqual(['Zweiter']);
    expect(await search(org, 'first')).toEqual([]);
    await rename('ZWEITER');
    expect(await search(org, 'zwei')).toEqual(['ZWEITER']);
  });

  it('follow a rename by the service, and change nothing in the history', async () => {
    const { id } = await createKey(org.manager, org, { name: 'äBC' });
    await org.manager.patch(org.path(`/keys/${id}`), { name: 'ÄBC' });
    expect(await search(org, 'äbc')).toEqual(['ÄBC']);
    const head = async () => (await service.db.query('SELECT n FROM auth_head')).rows as unknown;
    const before = await head();
    await service.db.query('UPDATE api_keys SET search_name = NULL, search_name_of = NULL');
    expect(await head()).toEqual(before);
    expect(await search(org, 'äbc')).toEqual(['ÄBC']);
  });

  it('are added to keys that are older than the column, at the next start', async () => {
    const made = { orgId: org.id, ownerId: org.manager.userId, count: 450 };
    await insertManyKeys(service.db, made);
    expect(await search(org, 'MADE 45')).toEqual([]);
    expect(await prepare(service)).toEqual(['Preparing the search of keys…']);
    expect(await search(org, 'MADE 45')).toEqual(['made 45', 'made 450']);
    expect(await prepare(service)).toEqual([]);
  });

  it('wait at the start for a key that is being changed, and its new name is the one', async () => {
    const [id] = await insertManyKeys(service.db, {
      orgId: org.id,
      ownerId: org.manager.userId,
      count: 1,
    });
    const other = await service.db.connect();
    await other.query('BEGIN');
    await other.query(`UPDATE api_keys SET name = 'Meanwhile' WHERE id = $1`, [id]);
    const starting = prepare(service);
    await other.query('SELECT pg_sleep(0.3)');
    await other.query('COMMIT');
    other.release();
    await starting;
    expect(await search(org, 'meanwhile')).toEqual(['Meanwhile']);
    const { rows } = await service.db.query<{ missing: number }>(
      'SELECT count(*)::int AS missing FROM api_keys WHERE search_name IS NULL',
    );
    expect(rows).toEqual([{ missing: 0 }]);
  });
});

describe('in a database of locale C', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    const database = await createEmptyDatabase(`LOCALE_PROVIDER libc LOCALE 'C'`);
    const settings = { databaseUrl: database.url, migrationUrl: undefined, redisUrl: undefined };
    await withPreparedDatabase(
      settings as Service['settings'],
      () => undefined,
      () => Promise.resolve(),
    );
    service = await startService({ database });
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('names are found in any letter case', async () => {
    const { rows } = await service.db.query<{ lower: string }>(`SELECT lower('Ä') AS lower`);
    expect(rows).toEqual([{ lower: 'Ä' }]);
    const { id } = await createKey(org.manager, org, { name: 'Größe ÄÖ' });
    expect(await search(org, 'GRÖSSE')).toEqual([]);
    expect(await search(org, 'GRÖß')).toEqual(['Größe ÄÖ']);
    expect(await search(org, 'äö')).toEqual(['Größe ÄÖ']);
    await org.manager.patch(org.path(`/keys/${id}`), { name: 'größe äö' });
    expect(await search(org, 'E ÄÖ')).toEqual(['größe äö']);
    await service.db.query('UPDATE api_keys SET name = $2 WHERE id = $1', [id, 'ЖУК Ñ']);
    expect(await search(org, 'жук ñ')).toEqual(['ЖУК Ñ']);
  });
});

describe('where the extension pg_trgm cannot be created', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService({ database: await createDatabase() });
    org = await createOrganisation(service);
    await service.db.query(`
      DROP EXTENSION pg_trgm CASCADE;
      CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'not here' USING ERRCODE = 'insufficient_privilege'; END $$;
      CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION')
        EXECUTE FUNCTION refuse();
    `);
  });
  afterAll(() => service.stop());

  it('the service starts, says so, and finds keys without an index', async () => {
    expect(await prepare(service)).toEqual([
      'Searches of keys have no index: no extension pg_trgm (not here).',
    ]);
    await createKey(org.manager, org, { name: 'Needle' });
    expect(await search(org, 'EEDL')).toEqual(['Needle']);
  });

  it('the index is built at the first start at which it can', async () => {
    await service.db.query('DROP EVENT TRIGGER refuse');
    expect(await prepare(service)).toEqual(['Building the index api_keys_by_search_name…']);
    expect(await search(org, 'EEDL')).toEqual(['Needle']);
  });

  it('the extension can be in any schema', async () => {
    await service.db.query(`
      DROP EXTENSION pg_trgm CASCADE;
      CREATE SCHEMA "Else where";
      CREATE EXTENSION pg_trgm SCHEMA "Else where";
      GRANT USAGE ON SCHEMA "Else where" TO PUBLIC;
    `);
    expect(await prepare(service)).toEqual(['Building the index api_keys_by_search_name…']);
    expect(await search(org, 'EEDL')).toEqual(['Needle']);
  });
});
