import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startEmbeddedServer, type EmbeddedServer } from '@keyfence/embedded-postgres';
import { startProcess } from '../support/process.js';

describe('a database that can lose what it has confirmed', () => {
  let dataDir: string;
  let server: EmbeddedServer;

  const open = async () => {
    server = await startEmbeddedServer({ dataDir, progress: () => undefined });
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-unsafe-'));
    await open();
  });
  afterEach(() => superuser('ALTER SYSTEM RESET ALL'));
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Runs a statement that changes the server's settings, and has them take effect. */
  async function superuser(statement: string): Promise<void> {
    const passwords = await readFile(join(dataDir, 'postgres', 'passwords'), 'utf8');
    const url = new URL(server.url);
    url.username = 'postgres';
    url.password = passwords.split('\n')[0] ?? '';
    const client = new Client({ connectionString: url.toString() });
    await client.connect();
    await client.query(statement);
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  }

  const environment = (more: Record<string, string> = {}) => ({
    DATABASE_URL: server.url,
    KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
    ...more,
  });

  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    it(`keeps the service from starting, and the message says why: ${setting}`, async () => {
      await superuser(`ALTER SYSTEM SET ${setting} = off`);
      const start = startProcess(environment());
      await expect(start).rejects.toThrow(`could forget that a key was revoked: ${setting} is off`);
    });
  }

  it('is let pass, loudly, where the setting for development says so', async () => {
    await superuser('ALTER SYSTEM SET fsync = off');
    const service = await startProcess(environment({ KEYFENCE_ALLOW_UNSAFE_DATABASE: 'true' }));
    try {
      expect(service.output()).toMatch(/"level":40.*KEYFENCE_ALLOW_UNSAFE_DATABASE is set/);
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    } finally {
      await service.end('SIGTERM');
    }
  });

  it('is no longer asked by a service that runs, and asked again when it is safe again', async () => {
    const service = await startProcess(environment());
    const ready = async () => (await fetch(`${service.url}/readyz`)).status;
    const until = async (status: number) => {
      while ((await ready()) !== status);
    };
    try {
      expect(await ready()).toBe(200);
      await superuser('ALTER SYSTEM SET fsync = off');
      await until(503);
      await superuser('ALTER SYSTEM RESET ALL');
      await until(200);
    } finally {
      await service.end('SIGTERM');
    }
  });

  it('keeps the service from starting when it is a replica', async () => {
    await server.stop();
    const signal = join(dataDir, 'postgres', 'data', 'standby.signal');
    await writeFile(signal, '', { mode: 0o644 });
    await open();
    try {
      await expect(startProcess(environment())).rejects.toThrow(/it is a replica/);
    } finally {
      await server.stop();
      await rm(signal);
      await open();
    }
  });
});
