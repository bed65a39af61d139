import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { eventually } from '../support/eventually.js';
import { hold, untilWaiting } from '../support/locks.js';
import { launchProcess } from '../support/process.js';
import { startService, type Service } from '../support/service.js';

const name = 'audit_events_by_action';
const startLock = 27_494;
/** Milliseconds until another process has come so far, on a machine that is busy. */
const timeoutMs = 90_000;

describe('an index that is built while others write', () => {
  let service: Service;
  let lines: string[];
  /** What was said of indexes, however long it took. */
  const said = () => lines.filter((line) => !line.startsWith('Still '));
  const start = () =>
    withPreparedDatabase(
      service.settings,
      (line) => lines.push(line),
      () => Promise.resolve(),
    );
  /** A transaction that writes, which the build has to wait for. */
  const holdWriter = () => hold(service.db, 'LOCK TABLE audit_events IN ROW EXCLUSIVE MODE');
  const isValid = async () => {
    const { rows } = await service.db.query<{ is: boolean }>(
      'SELECT indisvalid AS is FROM pg_index WHERE indexrelid = to_regclass($1)',
      [name],
    );
    return rows[0]?.is;
  };

  beforeAll(async () => {
    service = await startService();
  });
  beforeEach(async () => {
    lines = [];
    await service.db.query(`DROP INDEX IF EXISTS ${name}`);
  });
  afterAll(() => service.stop());

  it('holds up no change', async () => {
    await using writer = await holdWriter();
    const starting = start();
    await untilWaiting(service.db);
    for (let change = 0; change < 5; change += 1) {
      const slug = `org-${randomBytes(5).toString('hex')}`;
      const made = await service.operator.post('/v1/orgs', { name: slug, slug, grants: [] });
      expect(made.status).toBe(201);
    }
    await writer.commit();
    await starting;
    expect(await isValid()).toBe(true);
    expect(said()).toEqual([`Building the index ${name}…`]);
  });

  it('is built once', async () => {
    await start();
    await start();
    expect(await isValid()).toBe(true);
    expect(said()).toEqual([`Building the index ${name}…`]);
  });

  it('is built again where a build was killed', async () => {
    const builder = new Client({ connectionString: service.settings.databaseUrl });
    builder.on('error', () => undefined);
    await builder.connect();
    {
      await using writer = await holdWriter();
      const built = builder.query(`CREATE INDEX CONCURRENTLY ${name} ON audit_events (action)`);
      const killed = expect(built).rejects.toThrow();
      await untilWaiting(service.db);
      await service.db.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      await killed;
      await writer.commit();
    }
    expect(await isValid()).toBe(false);
    await start();
    expect(await isValid()).toBe(true);
    const { rows } = await service.db.query<{ definition: string }>(
      'SELECT pg_get_indexdef(to_regclass($1)) AS definition',
      [name],
    );
    expect(rows[0]?.definition).toMatch(/\(org_id, action, at, id\)$/);
  });

  it('is there when two nodes have started at once', async () => {
    const { databaseUrl, secrets, dataDir } = service.settings;
    const launch = () =>
      launchProcess({
        DATABASE_URL: databaseUrl,
        KEYFENCE_SECRET: secrets.join(','),
        KEYFENCE_DATA_DIR: dataDir,
      });
    await using writer = await holdWriter();
    const nodes = [launch()];
    await eventually(() => nodes[0]?.output().includes('Building the index'), timeoutMs);
    await untilWaiting(service.db);
    nodes.push(launch());
    await eventually(async () => {
      const { rowCount } = await service.db.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = 'keyfence start' AND query LIKE '%pg_try_advisory_lock%'`,
      );
      return rowCount === 1;
    }, timeoutMs);
    await writer.commit();
    await Promise.all(nodes.map(({ ready }) => ready));
    expect(await isValid()).toBe(true);
    for (const node of nodes) {
      expect(await node.end('SIGTERM')).toEqual({ code: 0 });
      expect(node.output()).not.toContain('is not built');
    }
  });

  it('is left to the next start where somebody waits for this one, as nodes up to 0.1.0 do', async () => {
    const older = await service.db.connect();
    // It has waited for longer than until it looks for deadlocks: it looks once.
    await older.query(`SET deadlock_timeout = '1h'`);
    const starting = { begun: Promise.resolve(), lock: Promise.resolve({}) };
    {
      await using writer = await holdWriter();
      starting.begun = start();
      await untilWaiting(service.db);
      starting.lock = older.query('SELECT pg_advisory_lock($1)', [startLock]);
      await untilWaiting(service.db, 2);
      await writer.commit();
    }
    await starting.begun;
    await starting.lock;
    older.release(true);
    const built = `Building the index ${name}…`;
    expect(said()).toEqual([
      built,
      expect.stringMatching(/^The index .* is not built \(.*\): the next start will retry\.$/),
    ]);
    expect(await isValid()).toBe(false);
    lines = [];
    await start();
    expect(said()).toEqual([built]);
    expect(await isValid()).toBe(true);
  });
});
