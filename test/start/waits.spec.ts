import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { World } from '../embedded/fixtures/world.js';
import {
  createDatabase,
  createEmptyDatabase,
  isFull,
  type Database,
} from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { launchProcess } from '../support/process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { itUnless } from '../support/unless.js';

const startLock = 27_494;
/** Milliseconds until a line is there, on a machine that is busy. */
const timeoutMs = 90_000;
/** Lines of errors, and of what ends the process. */
const complaint = /"level":(50|60)/;

describe('a start', () => {
  let database: Database;
  let dataDir: string;
  const launch = (databaseUrl: string) =>
    launchProcess({
      DATABASE_URL: databaseUrl,
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      KEYFENCE_DATA_DIR: dataDir,
    });
  /** Somebody who has the lock that nodes start behind. */
  const holdStartLock = async () => {
    const holder = new Client({
      connectionString: database.adminUrl,
      application_name: 'somebody else',
    });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [startLock]);
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return { holder, line: `waits for process ${rows[0]?.pid ?? 0} (somebody else, role ` };
  };

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-waits-'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('that waits for another node says for whom, and goes on when that is done', async () => {
    const { holder, line } = await holdStartLock();
    const service = launch(database.url);
    try {
      await eventually(() => service.output().includes(line), timeoutMs);
      expect(service.output()).toMatch(/Still taking the start lock after \d+ s: /);
      await holder.end();
      await service.ready;
    } finally {
      await holder.end();
      expect(await service.end('SIGTERM')).toEqual({ code: 0 });
    }
  });

  it('that waits for another node ends on SIGTERM', async () => {
    const { holder, line } = await holdStartLock();
    try {
      const service = launch(database.url);
      await eventually(() => service.output().includes(line), timeoutMs);
      expect(await service.end('SIGTERM')).toEqual({ code: 0 });
      expect(service.output()).not.toMatch(complaint);
    } finally {
      await holder.end();
    }
  });

  /** What a start sends one after the other, each by a text that nothing sends before it. */
  const moments = {
    'looks at the server': 'pg_control_system',
    'takes the start lock': 'pg_try_advisory_lock',
    'looks for migrations': 'FROM "migrations"',
    'looks at the tables of jobs': 'min_client_version',
    'looks for indexes': 'pg_index',
    'prepares the operators': 'hash_keys',
    'opens a worker': `set_config('application_name'`,
  };
  for (const [moment, text] of Object.entries(moments)) {
    it(`ends on SIGTERM while it ${moment} and gets no response`, async () => {
      const proxy = await TcpProxy.start(database.url);
      try {
        const point = proxy.holdRequest(text);
        const service = launch(proxy.url(database.url));
        await Promise.race([point.reached, service.exited, service.ready]);
        expect(await service.end('SIGTERM')).toEqual({ code: 0 });
        expect(service.output()).not.toMatch(complaint);
        expect(service.output()).not.toContain('Keyfence is ready');
      } finally {
        await proxy.close();
      }
    });
  }

  for (const line of ['Creating the database cluster', 'Starting Postgres']) {
    it(`ends on SIGTERM with an embedded server, behind "${line}"`, async () => {
      const world = new World();
      try {
        const embedded = await world.dataDir();
        const service = launchProcess({ KEYFENCE_DATA_DIR: embedded });
        await eventually(() => service.output().includes(line), timeoutMs);
        expect(await service.end('SIGTERM')).toEqual({ code: 0 });
        expect(service.output()).not.toMatch(complaint);
      } finally {
        // Fails where a server is left.
        await world.end();
      }
    });
  }

  it('says that it still connects to a server that is silent, and ends on SIGTERM', async () => {
    const proxy = await TcpProxy.start(database.url);
    try {
      proxy.silence();
      const service = launch(proxy.url(database.url));
      const line = 'Still connecting to the database after ';
      await eventually(() => service.output().includes(line), timeoutMs);
      expect(await service.end('SIGTERM')).toEqual({ code: 0 });
    } finally {
      await proxy.close();
    }
  });

  const halfAMinute = !isFull && 'takes half a minute: in npm run test:full';
  itUnless(halfAMinute, 'stops waiting for a server that stays silent', async () => {
    const proxy = await TcpProxy.start(database.url);
    try {
      proxy.silence();
      const service = launch(proxy.url(database.url));
      expect(await service.exited).toEqual([1, null]);
      expect(service.output()).toContain('Timed out after 30 s while connecting to the database');
    } finally {
      await proxy.close();
    }
  });

  it('ends with what PostgreSQL said where it has too few connections for workers', async () => {
    const role = `keyfence_few_${randomBytes(4).toString('hex')}`;
    const few = await createEmptyDatabase();
    const admin = new Client({ connectionString: few.adminUrl });
    await admin.connect();
    const url = new URL(few.url);
    const name = url.pathname.slice(1);
    url.username = role;
    url.password = 'few';
    try {
      await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'few' CONNECTION LIMIT 6`);
      await admin.query(`ALTER DATABASE ${name} OWNER TO ${role}`);
      const service = launch(url.toString());
      expect(await service.exited).toEqual([1, null]);
      const said = `PostgreSQL accepts no more connections: too many connections for role \\"${role}\\". `;
      expect(service.output()).toContain(said);
      expect(service.output()).toContain('A node needs up to 27, and 2 more while it starts');
    } finally {
      await admin.end();
      await few.drop();
      await dropRole(database, role);
    }
  });
});

async function dropRole({ adminUrl }: Database, role: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`DROP ROLE IF EXISTS ${role}`);
  await admin.end();
}
