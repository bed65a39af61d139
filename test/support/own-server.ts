import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { startEmbeddedServer, type EmbeddedServer } from '@keyfence/embedded-postgres';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import type { Database } from './environment.js';
import { eventually } from './eventually.js';

const inside = (dataDir: string, name: string) => join(dataDir, 'postgres', name);

/** A PostgreSQL server that a test has for itself, also where the tests run on somebody else's. */
export class OwnServer {
  private constructor(
    private readonly dataDir: string,
    private server: EmbeddedServer,
    private readonly superuser: string,
  ) {}

  /** A primary, whose database has the schema. */
  static async start(): Promise<OwnServer> {
    const dataDir = await newDirectory();
    const own = await OwnServer.open(dataDir);
    const settings = { databaseUrl: own.database.url, allowUnsafeDatabase: false } as Settings;
    await withPreparedDatabase(
      settings,
      () => undefined,
      () => Promise.resolve(),
    );
    return own;
  }

  private static async open(dataDir: string): Promise<OwnServer> {
    const server = await run(dataDir);
    const [superuser = ''] = (await readFile(inside(dataDir, 'passwords'), 'utf8')).split('\n');
    return new OwnServer(dataDir, server, superuser);
  }

  /** Its database, as tests know those of the server that they share. */
  get database(): Database {
    const adminUrl = new URL(this.server.url);
    adminUrl.username = 'postgres';
    adminUrl.password = this.superuser;
    return {
      url: this.server.url,
      adminUrl: adminUrl.toString(),
      // It goes with the server.
      drop: () => Promise.resolve(),
      copy: () => Promise.reject(new Error('copy the server')),
    };
  }

  /** Runs SQL as the superuser, and has changed settings of the server take effect. */
  async query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]> {
    const client = new Client({ connectionString: this.database.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<Row>(sql, values);
      await client.query('SELECT pg_reload_conf()');
      return rows;
    } finally {
      await client.end();
    }
  }

  /**
   * A standby of this server, which holds what this one does now, and receives nothing that comes
   * after. This one is stopped meanwhile.
   */
  async copy(): Promise<OwnServer> {
    const dataDir = await newDirectory();
    await this.server.stop();
    await cp(inside(this.dataDir, ''), inside(dataDir, ''), { recursive: true });
    // Open to its owner alone, as it was before the server's account was let in.
    await chmod(inside(dataDir, ''), 0o700);
    this.server = await run(this.dataDir);
    // That of the first one is taken.
    await rm(inside(dataDir, 'port'));
    await writeFile(join(inside(dataDir, 'data'), 'standby.signal'), '', { mode: 0o644 });
    return OwnServer.open(dataDir);
  }

  /** Makes a standby a primary, on a timeline of its own. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
    await eventually(async () => {
      const [row] = await this.query<{ is: boolean }>('SELECT pg_is_in_recovery() AS is');
      return row?.is === false;
    });
  }

  /** Ends connections of the service as a failing network would; the others stay open. */
  async cut(which: 'of verifications' | 'all others'): Promise<void> {
    // By how the queries of verifications begin.
    const isWanted = `query ${which === 'all others' ? 'NOT LIKE' : 'LIKE'} '%h.n AS head%'`;
    await this.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE application_name = 'keyfence' AND ${isWanted}`,
    );
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

const newDirectory = () => mkdtemp(join(tmpdir(), 'keyfence-own-'));

const run = (dataDir: string) => startEmbeddedServer({ dataDir, progress: () => undefined });
