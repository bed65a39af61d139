import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { verifyNow } from '../support/chain.js';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { headOf } from '../support/history.js';
import { verify } from '../support/keys.js';
import { hold } from '../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { runCommand, startProcess } from '../support/process.js';
import { startService, type Service } from '../support/service.js';

describe('npm run restore-mark', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const mark = (databaseUrl = service.settings.databaseUrl) =>
    runCommand('restore-mark', {
      DATABASE_URL: databaseUrl,
      KEYFENCE_SECRET: service.settings.secrets.join(','),
      KEYFENCE_DATA_DIR: service.settings.dataDir,
    });
  const rename = 'UPDATE organisations SET name = name || $2 WHERE id = $1';

  it('prints the epochs and the number, and records it in the audit log of the operators', async () => {
    const head = await headOf(service.db);
    const { code, output } = await mark();
    expect(code).toBe(0);
    const [, epoch, earlier, number] =
      /^Marked as restored: epoch (\S+) follows (\S+), from number (\d+) on$/m.exec(output) ?? [];
    expect(Number(number)).toBe(head + 1);
    const { rows } = await service.db.query('SELECT n::int, epoch FROM auth_head');
    expect(rows).toEqual([{ n: head + 1, epoch }]);
    const whoami = await service.operator.get('/v1/whoami');
    const path = `/v1/orgs/${whoami.body.orgId as string}/audit-events?action=database.restored`;
    expect((await service.operator.get(path)).body.items).toMatchObject([
      { actor: { kind: 'system' }, before: { epoch: earlier }, after: { epoch } },
    ]);
    expect((await verifyNow(service.db)).findings).toEqual([]);
  });

  it('a number that is given out twice hides no revoke from a node that remembers the first', async () => {
    const key = await createKey(org.manager, org);
    const backup = await headOf(service.db);
    for (const name of ['!', '?']) await service.db.query(rename, [org.id, name]);
    const valid = await verify(service, key.secret);
    expect(valid).toMatchObject({ valid: true, authSeq: backup + 2 });
    // What a restore does to the history; the names matter to no decision.
    await service.db.query('UPDATE auth_head SET n = $1', [backup]);
    await service.db.query('DELETE FROM auth_log WHERE n > $1', [backup]);
    expect((await mark()).code).toBe(0);
    await service.db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key.id]);
    expect(await headOf(service.db)).toBe(backup + 2);
    const invalid = await verify(service, key.secret);
    expect(invalid).toMatchObject({ valid: false, authSeq: backup + 2 });
  });

  it('a transaction with the id that the head brought along takes a number of its own', async () => {
    const numbersTaken = async (meanwhile: () => Promise<unknown>) => {
      await using change = await hold(service.db, rename, [org.id, '.']);
      const { rows } = (await change.query('SELECT pg_current_xact_id()::text AS id')) as {
        rows: { id: string }[];
      };
      await service.db.query('UPDATE auth_head SET xid = $1::xid8', [rows[0]?.id]);
      await meanwhile();
      const before = await headOf(service.db);
      await change.commit();
      return (await headOf(service.db)) - before;
    };
    // The danger: without the mark nobody would be notified of this change.
    expect(await numbersTaken(() => Promise.resolve())).toBe(0);
    expect(await numbersTaken(() => mark())).toBe(1);
  });

  it('takes a number even if the transaction that marks has that id', async () => {
    const before = await headOf(service.db);
    await service.db.query(`
      CREATE FUNCTION by_chance() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.xid IS NOT NULL THEN NEW.xid := pg_current_xact_id(); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER by_chance BEFORE UPDATE OF epoch ON auth_head
        FOR EACH ROW EXECUTE FUNCTION by_chance()`);
    expect((await mark()).code).toBe(0);
    expect(await headOf(service.db)).toBe(before + 1);
  });

  it('makes no database where there is none, and says so', async () => {
    const dataDir = join(service.settings.dataDir, 'elsewhere');
    const { code, errors } = await runCommand('restore-mark', { KEYFENCE_DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(errors).toContain(
      `DATABASE_URL is not set, and there is no embedded database in ${dataDir}`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('makes no tables in a database that has none, and says so', async () => {
    const empty = await createDatabase();
    const client = new Client({ connectionString: empty.adminUrl });
    await client.connect();
    try {
      await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      const { code, errors } = await mark(empty.adminUrl);
      expect(code).toBe(1);
      expect(errors).toContain('This database has no tables of Keyfence: there is nothing to mark');
      const { rowCount } = await client.query(
        `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
      );
      expect(rowCount).toBe(0);
    } finally {
      await client.end();
      await empty.drop();
    }
  });

  it('can be run beside a node on the embedded database, which drops what it remembers', async () => {
    const dataDir = join(service.settings.dataDir, 'embedded');
    const node = await startProcess({ KEYFENCE_DATA_DIR: dataDir });
    try {
      const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
      const operator = new Caller(node.url, [], key);
      const resets = async () => {
        const { text } = await operator.get('/metrics');
        return [...text.matchAll(/^keyfence_cache_resets_total(\{.*)$/gm)].map(([, one]) => one);
      };
      expect((await operator.get('/v1/whoami')).status).toBe(200);
      expect(await resets()).toEqual([]);
      expect((await runCommand('restore-mark', { KEYFENCE_DATA_DIR: dataDir })).code).toBe(0);
      expect((await operator.get('/v1/whoami')).status).toBe(200);
      expect(await resets()).toEqual(['{reason="identity"} 1']);
    } finally {
      await node.end('SIGTERM');
    }
  });
});

describe('a database that was restored from a backup', () => {
  let database: Database;
  let backup: Database | undefined;
  let dataDir: string;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-restore-'));
  });
  afterAll(async () => {
    await database.drop();
    await backup?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const on = ({ url }: Database) => ({
    DATABASE_URL: url,
    KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
    KEYFENCE_DATA_DIR: dataDir,
  });

  /** Lets a node run on it for so long. Returns the last head of the audit chain that it logged. */
  async function serve(where: Database, work: (url: string) => Promise<void>): Promise<string> {
    const node = await startProcess(on(where));
    try {
      await work(node.url);
    } finally {
      await node.end('SIGTERM');
    }
    return [...node.output().matchAll(/"auditHead":"([^"]+)"/g)].at(-1)?.[1] ?? '';
  }

  it('is as the backup was, and the audit log distinguishes it from the one that is lost', async () => {
    let [operatorKey, orgPath, keyPath, secret] = ['', '', '', ''];
    const operator = (url: string) => new Caller(url, [], operatorKey);
    const codeAt = async (url: string) =>
      (await operator(url).post('/v1/verify', { key: secret })).body.code as unknown;

    const stored = await serve(database, async (url) => {
      operatorKey = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
      orgPath = `/v1/orgs/${(await operator(url).get('/v1/whoami')).body.orgId as string}`;
      const { body } = await operator(url).post(`${orgPath}/keys`, { name: 'ci', scope: 'read' });
      keyPath = `${orgPath}/keys/${body.key.id as string}`;
      secret = body.secret as string;
    });
    const restored = await database.copy();
    backup = restored;
    const lost = await serve(database, async (url) => {
      expect((await operator(url).delete(keyPath)).status).toBe(200);
      expect(await codeAt(url)).toBe('INVALID');
    });

    expect((await runCommand('restore-mark', on(restored))).code).toBe(0);
    await serve(restored, async (url) => {
      // No mark knows what the backup does not: this has to be revoked again.
      expect(await codeAt(url)).toBe('VALID');
      expect((await operator(url).delete(keyPath)).status).toBe(200);
      expect(await codeAt(url)).toBe('INVALID');
      const { body } = await operator(url).get(`${orgPath}/audit-events?limit=3`);
      const actions = (body.items as { action: string }[]).map(({ action }) => action);
      expect(actions).toEqual(['key.revoked', 'database.restored', 'key.created']);
    });
    const compare = (head: string) => runCommand('audit-verify', on(restored), ['--expect', head]);
    expect(await compare(stored)).toMatchObject({ code: 0 });
    expect(await compare(lost)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/TAMPERED: row \d+ differs from the copy/),
    });
  });
});
