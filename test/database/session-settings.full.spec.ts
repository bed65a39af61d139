import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { signIn, type Browser } from '../support/sessions.js';
import { addFlush, day, oneUse, untilCounted } from '../support/usage.js';

/** What the database can have as the default of its sessions. */
const odd = {
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'America/St_Johns',
  array_nulls: 'off',
  bytea_output: 'escape',
  client_encoding: 'LATIN1',
  client_min_messages: 'error',
  default_transaction_deferrable: 'on',
  default_transaction_isolation: 'serializable',
  extra_float_digits: '-15',
  jit: 'on',
  plan_cache_mode: 'force_custom_plan',
  row_security: 'off',
  standard_conforming_strings: 'off',
  transform_null_equals: 'on',
  xmloption: 'document',
};

/** Changes the database, and lets the service have new connections. */
async function alterDatabase({ db }: Service, change: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>('SELECT current_database() AS name');
  await db.query(`ALTER DATABASE ${rows[0]?.name} ${change}`);
  await db.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE application_name = 'keyfence' AND datname = current_database()`,
  );
}

describe('with other defaults of the database', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    browser = await signIn(service, org.manager);
    // What would be found there first says that nobody is revoked, and that nothing was recorded.
    await service.db.query(`
      CREATE SCHEMA elsewhere;
      GRANT USAGE ON SCHEMA elsewhere TO PUBLIC;
      CREATE TABLE elsewhere.api_keys (LIKE public.api_keys);
      CREATE TABLE elsewhere.audit_events (LIKE public.audit_events);
      CREATE FUNCTION elsewhere.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz $$`);
  });
  afterEach(() => alter('RESET ALL'));
  afterAll(() => service.stop());

  async function alter(change: string): Promise<void> {
    await alterDatabase(service, change);
    await eventually(async () => (await browser.get('/v1/session')).status === 200);
  }

  const whoami = (secret: string) => service.as(secret).get('/v1/whoami');
  const soon = () => new Date(Date.now() + 24 * 3_600_000).toISOString();

  async function createAndRevoke(): Promise<void> {
    const expiresAt = soon();
    const name = String.raw`Schlüssel \ "☂"`;
    const key = await createKey(org.member, org, { name, expiresAt });
    expect((await whoami(key.secret)).body).toMatchObject({ keyName: name, expiresAt });
    const read = () => browser.get(org.path(`/keys/${key.id}`));
    expect((await read()).body).toMatchObject({ name, expiresAt, state: 'active' });
    const found = await browser.get(org.path(`/keys?search=${encodeURIComponent(name)}`));
    expect(found.body.items).toContainEqual(expect.objectContaining({ id: key.id }));
    const revoked = await browser.delete(org.path(`/keys/${key.id}`));
    expect(revoked.body).toMatchObject({ state: 'revoked' });
    expect((await whoami(key.secret)).status).toBe(401);
    const { body } = await read();
    expect(Math.abs(Date.parse(body.revokedAt as string) - Date.now())).toBeLessThan(60_000);
  }

  async function expire(): Promise<void> {
    const key = await createKey(org.member, org, { expiresAt: soon() });
    expect((await whoami(key.secret)).status).toBe(200);
    await service.db.query(
      `UPDATE public.api_keys SET expires_at = pg_catalog.now() - interval '1 minute' WHERE id = $1`,
      [key.id],
    );
    expect((await whoami(key.secret)).status).toBe(401);
  }

  async function runJobs(): Promise<void> {
    const key = await createKey(org.member, org);
    const flushes = Array.from({ length: 10 }, (_, ms) =>
      oneUse(key.id as Parameters<typeof oneUse>[0], ms, { count: 1_234 }),
    );
    await Promise.all(flushes.map((flush) => addFlush(service, flush)));
    for (const flush of flushes) await untilCounted(service.db, flush);
    const { body } = await org.manager.get(org.path(`/keys/${key.id}`));
    expect(body).toMatchObject({ uses: 12_340, lastUsedIp: null, lastUsedUserAgent: null });
    const path = org.path(`/keys/${key.id}/usage?from=${day}&to=${day}`);
    expect((await org.manager.get(path)).body).toMatchObject({ days: [{ day, uses: 12_340 }] });
  }

  for (const [name, value] of Object.entries(odd)) {
    it(`keys, sessions, lists, changes and jobs are as ever: ${name}`, async () => {
      await alter(`SET ${name} = '${value}'`);
      await createAndRevoke();
      await expire();
      await runJobs();
    });
  }

  it('keys, sessions, lists, changes and jobs are as ever: a search_path that leads elsewhere', async () => {
    await alter('SET search_path = elsewhere, pg_catalog, public');
    await createAndRevoke();
    await expire();
    await runJobs();
  });

  it('a database that takes no changes is read, and changes get 503', async () => {
    const key = await createKey(org.member, org);
    await alter('SET default_transaction_read_only = on');
    expect((await whoami(key.secret)).status).toBe(200);
    const revoke = () => org.manager.delete(org.path(`/keys/${key.id}`));
    expect(await revoke()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await service.db.query('SET default_transaction_read_only = off');
    await alter('RESET ALL');
    expect((await revoke()).status).toBe(200);
    expect((await whoami(key.secret)).status).toBe(401);
  });
});

describe('where foreign keys are turned off', () => {
  it('every response is 503', async () => {
    const service = await startService();
    const ask = async () => (await service.operator.get('/v1/orgs')).status;
    try {
      await alterDatabase(service, 'SET session_replication_role = replica');
      for (let time = 0; time < 3; time += 1) expect(await ask()).toBe(503);
      await alterDatabase(service, 'RESET ALL');
      await eventually(async () => (await ask()) === 200);
    } finally {
      await service.stop();
    }
  });
});
