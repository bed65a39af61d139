import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { runCommand, startProcess, type ServiceProcess } from '../support/process.js';

describe('with DATABASE_MIGRATION_URL', () => {
  const role = `keyfence_service_${randomBytes(4).toString('hex')}`;
  let database: Database;
  let dataDir: string;
  let variables: Record<'DATABASE_URL' | 'KEYFENCE_SECRET' | 'KEYFENCE_DATA_DIR', string>;
  let service: ServiceProcess;
  let owner: Client;
  let restricted: Client;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-role-'));
    owner = new Client({ connectionString: database.adminUrl });
    await owner.connect();
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'service'`);
    await owner.query('DROP INDEX audit_events_by_action');
    const url = new URL(database.url);
    url.username = role;
    url.password = 'service';
    variables = {
      DATABASE_URL: url.toString(),
      KEYFENCE_SECRET: randomBytes(32).toString('hex'),
      KEYFENCE_DATA_DIR: dataDir,
    };
    service = await startProcess({ ...variables, DATABASE_MIGRATION_URL: database.adminUrl });
    restricted = new Client({ connectionString: url.toString() });
    await restricted.connect();
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await restricted.end();
    await owner.query(`DROP OWNED BY ${role}`);
    await owner.query(`DROP ROLE ${role}`);
    await owner.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('the service works as a role that owns nothing', async () => {
    const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
    const operator = new Caller(service.url, [], key);
    const org = await operator.post('/v1/orgs', { name: 'Acme', slug: 'acme', grants: [] });
    expect(org.status).toBe(201);
    const id = org.body.id as string;
    const account = await operator.post(`/v1/orgs/${id}/service-accounts`, { name: 'ci' });
    const ownerId = account.body.userId as string;
    const create = () =>
      operator.post(
        `/v1/orgs/${id}/keys`,
        { name: 'ci', scope: 'read', ownerId },
        { 'idempotency-key': 'one' },
      );
    const created = await create();
    expect(created.status).toBe(201);
    expect((await create()).body).toEqual({ key: created.body.key, authSeq: created.body.authSeq });
    const revoked = await operator.delete(`/v1/orgs/${id}/keys/${created.body.key.id as string}`);
    expect(revoked.body).toMatchObject({
      state: 'revoked',
      authSeq: Number(created.body.authSeq) + 2,
    });
    const removed = await operator.delete(`/v1/orgs/${id}/members/${ownerId}`);
    expect(removed.status).toBe(200);
  });

  it('indexes are built as the other role', async () => {
    const { rowCount } = await owner.query(
      `SELECT FROM pg_index WHERE indexrelid = to_regclass('audit_events_by_action') AND indisvalid`,
    );
    expect(rowCount).toBe(1);
  });

  it('that role can count failed authentications', async () => {
    const { status } = await new Caller(service.url, [], 'no key').get('/v1/whoami');
    expect(status).toBe(401);
    const count = async () => (await owner.query('SELECT FROM failed_authentications')).rowCount;
    while ((await count()) === 0) await delay(20);
  });

  it('only the owner of the tables can mark a restore', async () => {
    const refused = await runCommand('restore-mark', variables);
    expect(refused).toMatchObject({
      code: 1,
      errors: expect.stringContaining(
        `The database role ${role} has no right to change auth_head. Set DATABASE_MIGRATION_URL`,
      ),
    });
    const epoch = async () => {
      const { rows } = await owner.query<{ epoch: string }>('SELECT epoch FROM auth_head');
      return rows[0]?.epoch;
    };
    const before = await epoch();
    const marked = await runCommand('restore-mark', {
      ...variables,
      DATABASE_MIGRATION_URL: database.adminUrl,
    });
    expect(marked.code).toBe(0);
    expect(marked.output).toContain(`epoch ${await epoch()} follows ${before}, `);
    expect(await epoch()).not.toBe(before);
  });

  it('that role can run jobs', async () => {
    // Keys were used above; that a key was used arrives by a job.
    await eventually(async () => ((await owner.query('SELECT FROM key_usage')).rowCount ?? 0) > 0);
  });

  const forbidden: Record<string, string> = {
    'change the audit log': 'UPDATE audit_events SET ip = NULL',
    'remove from the audit log': 'DELETE FROM audit_events',
    'turn its protection off': 'ALTER TABLE audit_events DISABLE TRIGGER ALL',
    'write the chain itself': `INSERT INTO audit_chain VALUES (1, 'x', 'x')`,
    'change the chain': 'UPDATE audit_chain SET hash = hash',
    'chain an event again': 'SELECT audit_chain_append(e) FROM audit_events e',
    'move the head of the history': 'UPDATE auth_head SET n = n - 1',
    'write the history itself': `INSERT INTO auth_log VALUES (1, 'key', 'x')`,
    'prune the history': 'DELETE FROM auth_log',
    'note what did not happen': `SELECT auth_note(1, 'key', 'x')`,
    'turn the triggers of memberships off': 'ALTER TABLE memberships DISABLE TRIGGER ALL',
    'turn the triggers of keys off': 'ALTER TABLE api_keys DISABLE TRIGGER ALL',
    'change the schema': 'CREATE TABLE mine (id text)',
  };
  for (const [what, sql] of Object.entries(forbidden)) {
    it(`that role has no privilege to ${what}`, async () => {
      await expect(restricted.query(sql)).rejects.toMatchObject({ code: '42501' });
    });
  }
});
