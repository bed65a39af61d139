import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { takeBack } from '../support/previous-schema.js';
import { startProcess, type ServiceProcess } from '../support/process.js';

const never = '9999-12-31T23:59:59.999Z';

/** What is written into a key by hand, and what the key is after the update. */
const faults: Record<string, { set: string; state: string; key?: Record<string, unknown> }> = {
  'an infinite expiry': { set: `expires_at = 'infinity'`, state: 'active' },
  'an expiry before all time': { set: `expires_at = '-infinity'`, state: 'expired' },
  'an expiry BC': { set: `expires_at = '0044-03-15 BC'`, state: 'expired' },
  'an expiry beyond Date': {
    set: `expires_at = '294276-01-01'`,
    state: 'active',
    key: { expiresAt: never },
  },
  'an expiry in the year 10000': {
    set: `expires_at = '10000-06-01'`,
    state: 'active',
    key: { expiresAt: never },
  },
  'an infinite revocation': { set: `revoked_at = 'infinity'`, state: 'revoked' },
  'a revocation before all time': { set: `revoked_at = '-infinity'`, state: 'revoked' },
  'a revocation beyond Date': { set: `revoked_at = '294276-01-01'`, state: 'revoked' },
  'an infinite creation': { set: `created_at = 'infinity'`, state: 'active' },
  'a creation before all time': { set: `created_at = '-infinity'`, state: 'active' },
  'a permission that is null': {
    set: `permissions = '{NULL,telemetry:read}'`,
    state: 'active',
    key: { permissions: ['telemetry:read'] },
  },
  'permissions from the fifth place on': {
    set: `permissions = '[5:6]={telemetry:read,telemetry:write}'`,
    state: 'active',
    key: { permissions: ['telemetry:read', 'telemetry:write'] },
  },
  'no permission but null': { set: `permissions = '{NULL}'`, state: 'revoked' },
  'permissions in a list within a list': {
    set: `permissions = '{{telemetry:read,telemetry:write}}'`,
    state: 'revoked',
  },
  'no address but null': { set: `allowed_ips = '{NULL}'`, state: 'revoked' },
};

describe('An update of a database with rows that nobody can read', () => {
  const names = Object.keys(faults);
  let database: Database;
  let dataDir: string;
  let db: Client;
  let variables: Record<string, string>;
  let service: ServiceProcess;
  let operatorKey: string;
  let org: Organisation;
  let lenient: Organisation;
  let head: string | undefined;
  const keys = new Map<string, { id: string; secret: string }>();

  const as = (key: string) => new Caller(service.url, [], key);
  const site = () => ({ operator: as(operatorKey), as });
  const headNow = async () => (await db.query<{ n: string }>('SELECT n FROM auth_head')).rows[0]?.n;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-mended-'));
    db = new Client({ connectionString: database.adminUrl });
    await db.connect();
    variables = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
      KEYFENCE_DATA_DIR: dataDir,
    };
    service = await startProcess(variables);
    operatorKey = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
    org = await createOrganisation(site());
    lenient = await createOrganisation(site());
    await lenient.manager.patch(lenient.path('/policy'), { allowNoExpiry: true });
    for (const name of names) keys.set(name, await createKey(org.member, org, { scope: 'admin' }));
    keys.set('untouched', await createKey(org.member, org));
    keys.set('expired', await createKey(lenient.member, lenient));
    keys.set('lenient', await createKey(lenient.member, lenient));
    await service.end('SIGTERM');
    await takeBack(database, 'Identities1764000012000');
    for (const [name, { set }] of Object.entries(faults)) {
      const { id } = keys.get(name) ?? { id: '' };
      await db.query(`UPDATE api_keys SET ${set} WHERE id = $1`, [id]);
      // As keys are that are older than the column.
      await db.query('UPDATE api_keys SET lifetime = NULL WHERE id = $1', [id]);
    }
    await db.query(`UPDATE api_keys SET expires_at = 'infinity' WHERE id = $1`, [
      keys.get('lenient')?.id,
    ]);
    await db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [
      keys.get('expired')?.id,
    ]);
    await writeOtherFaults();
    head = await headNow();
    service = await startProcess(variables);
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await db.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function writeOtherFaults(): Promise<void> {
    const { userId } = org.member;
    await db.query(`
      UPDATE users SET created_at = 'infinity' WHERE id = '${userId}';
      UPDATE memberships SET grants = '{NULL}', created_at = '-infinity'
        WHERE org_id = '${lenient.id}' AND user_id = '${lenient.member.userId}';
      UPDATE organisations SET grants = '{NULL,telemetry:read,telemetry:write}' WHERE id = '${lenient.id}';
      INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at)
        VALUES ('ses_odd', 'odd', '${userId}', 'infinity', 'infinity');
      INSERT INTO sign_in_links (user_id, token_hash, created_at) VALUES ('${userId}', 'odd', 'infinity');
      INSERT INTO expiry_watch (key_id, due_at) VALUES ('${org.member.keyId}', '-infinity');
      INSERT INTO reminders (key_id, expires_at, threshold, org_id, superseded)
        VALUES ('${org.member.keyId}', '-infinity', 0, '${org.id}', false);
      INSERT INTO deliveries (id, org_id, channel, recipient_id, key_id, expires_at, threshold)
        VALUES ('dlv_odd', '${org.id}', 'email', '${userId}', '${org.member.keyId}', '-infinity', 0);
      INSERT INTO audit_events (id, org_id, at, action, target_id)
        VALUES ('aud_odd', '${org.id}', 'infinity', 'by hand', '')`);
  }

  const keyOf = async (of: Organisation, id: string) => {
    const { status, body } = await as(of.manager.key).get(of.path(`/keys/${id}`));
    expect(status).toBe(200);
    return body as Record<string, unknown>;
  };
  const codeOf = async (secret: string) =>
    (await as(operatorKey).post('/v1/verify', { key: secret })).body.code as string;

  for (const [name, { set, state, key }] of Object.entries(faults)) {
    it(`mends a key with ${name}, which is ${state} then`, async () => {
      const { id, secret } = keys.get(name) ?? { id: '', secret: '' };
      expect(await keyOf(org, id)).toMatchObject({ state, ...key });
      expect(await codeOf(secret)).toBe(state === 'active' ? 'VALID' : 'INVALID');
      await expect(
        db.query(`UPDATE api_keys SET ${set} WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ code: '23514' });
    });
  }

  it('gives a key without expiry the longest life that its organisation allows', async () => {
    const { id } = keys.get('an infinite expiry') ?? { id: '' };
    const { createdAt, expiresAt } = await keyOf(org, id);
    const days = (Date.parse(expiresAt as string) - Date.parse(createdAt as string)) / 86_400_000;
    expect(days).toBe(365);
    expect(await keyOf(lenient, keys.get('lenient')?.id ?? '')).toMatchObject({ expiresAt: null });
  });

  it('revokes a key whose list is lost, says why, and leaves it nothing', async () => {
    const { id } = keys.get('no permission but null') ?? { id: '' };
    expect(await keyOf(org, id)).toMatchObject({
      revokeReason: 'a list of the key could not be read',
      permissions: ['none:read'],
    });
  });

  it('makes no list everything: grants of nothing but null are none', async () => {
    const { body } = await as(lenient.manager.key).get(lenient.path('/members'));
    const { userId } = lenient.member;
    const members = body.items as { userId: string; grants: unknown }[];
    expect(members.find((each) => each.userId === userId)?.grants).toEqual([]);
    const { body: found } = await as(operatorKey).get(`/v1/orgs/${lenient.id}`);
    expect(found.grants).toEqual(['telemetry:read', 'telemetry:write']);
  });

  it('ends sessions and links without an end, and forgets reminders of an expiry that nobody has', async () => {
    for (const table of ['sessions', 'sign_in_links', 'reminders', 'deliveries']) {
      const { rows } = await db.query(
        `SELECT FROM ${table} t WHERE to_jsonb(t)::text LIKE '%infinity%' OR to_jsonb(t)::text LIKE '%_odd"%'`,
      );
      expect(rows).toEqual([]);
    }
  });

  it('is part of the history, so that no node goes on with what it remembers', async () => {
    const { rows } = await db.query<{ reference: string }>(
      `SELECT reference FROM auth_log WHERE n > $1 AND kind = 'key'`,
      [head],
    );
    const changed = rows.map(({ reference }) => reference);
    const expected = names.filter((name) => !name.includes('creation'));
    expect(changed).toEqual(
      expect.arrayContaining(expected.map((name) => keys.get(name)?.id ?? '')),
    );
    expect(changed).not.toContain(keys.get('untouched')?.id);
  });

  it('says in the log of the start what it mended', () => {
    const lines = service.output();
    expect(lines).toContain(
      `Mended rows of api_keys that could not be read: ${names.length + 1} (`,
    );
    expect(lines).toContain(
      `Mended rows of users that could not be read: 1 (${org.member.userId})`,
    );
    expect(lines).toContain(`Mended rows of sessions that could not be read: 1 (ses_odd)`);
  });

  it('leaves the audit log as it is, but for new rows', async () => {
    await db.query(`INSERT INTO audit_events (id, org_id, at, action, target_id)
      VALUES ('aud_${'0'.repeat(26)}', '${org.id}', 'infinity', 'org.renamed', '')`);
    const { rows } = await db.query(`SELECT id FROM audit_events WHERE at = 'infinity'`);
    expect(rows).toEqual([{ id: 'aud_odd' }]);
  });

  it('lets sweeps of all organisations go on, also over the keys that were mended', async () => {
    const remindedOf = async (name: string) => {
      const { rowCount } = await db.query('SELECT FROM reminders WHERE key_id = $1', [
        keys.get(name)?.id,
      ]);
      return (rowCount ?? 0) > 0;
    };
    await eventually(() => remindedOf('expired'), 150_000);
    await eventually(() => remindedOf('an expiry before all time'));
    expect(service.output()).not.toContain('"level":50');
  });
});
