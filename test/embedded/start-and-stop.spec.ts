import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedServer, type EmbeddedServer } from '@keyfence/embedded-postgres';
import { commandLines, query, serversBelow, World } from './fixtures/world.js';

describe('an embedded server', () => {
  const world = new World();
  let dataDir: string;
  let lines: string[];
  let server: EmbeddedServer | undefined;

  async function start(): Promise<EmbeddedServer> {
    server = await startEmbeddedServer({ dataDir, progress: (message) => lines.push(message) });
    return server;
  }

  beforeAll(async () => {
    dataDir = await world.dataDir();
  });
  beforeEach(() => {
    lines = [];
  });
  afterEach(() => server?.stop());
  afterAll(() => world.end());

  it('starts from nothing, and keeps data and URL over a restart', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE stored AS SELECT 42 AS value');
    await first.stop();
    expect(await serversBelow(dataDir)).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('Creating'), 'Starting Postgres…']);

    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT value FROM stored')).toBe(42);
    await second.stop();
    await second.stop();
    expect(lines).toHaveLength(3);
  });

  it('is UTF-8, durable, and reachable from this machine only', async () => {
    const { url } = await start();
    const setting = (name: string) => query(url, `SELECT current_setting('${name}')`);
    expect(await setting('server_encoding')).toBe('UTF8');
    expect(await setting('fsync')).toBe('on');
    expect(await setting('full_page_writes')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    const locales = 'SELECT DISTINCT datlocprovider::text || datlocale FROM pg_database';
    expect(await query(url, locales)).toBe('bC.UTF-8');
  });

  it('lets nobody in without the password, and its own user is no superuser', async () => {
    const { url } = await start();
    const { port, password } = new URL(url);
    const connect = (user: string, secret: string, database = 'keyfence') =>
      query(`postgres://${user}:${secret}@127.0.0.1:${port}/${database}`, 'SELECT 1');
    await expect(connect('keyfence', 'wrong')).rejects.toThrow('password authentication failed');
    await expect(connect('postgres', password)).rejects.toThrow('password authentication failed');
    await expect(connect('postgres', 'wrong', 'postgres')).rejects.toThrow('password');
    expect(await query(url, "SELECT current_setting('is_superuser')")).toBe('off');
    const rules = await readFile(join(dataDir, 'postgres', 'data', 'pg_hba.conf'), 'utf8');
    const methods = rules.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(methods.length).toBeGreaterThan(0);
    for (const rule of methods) expect(rule).toMatch(/scram-sha-256$/);
  });

  it('shows no password in its log, its progress lines or a command line', async () => {
    const { url } = await start();
    const passwords = await readFile(join(dataDir, 'postgres', 'passwords'), 'utf8');
    const secrets = passwords.trim().split('\n');
    expect(secrets).toHaveLength(2);
    await expect(query(url, `SELECT '${secrets.join()}'::text::int`)).rejects.toThrow();
    await expect(query(url, `SELEKT '${secrets.join()}'`)).rejects.toThrow('syntax');
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    const shown = [log, ...lines, await commandLines()].join('\n');
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('keeps everything it writes from other users of the machine', async () => {
    await (await start()).stop();
    expect((await stat(dataDir)).mode & 0o067).toBe(0); // as root: another group may pass through
    for (const name of await readdir(dataDir, { recursive: true })) {
      if (name.startsWith(join('postgres', 'data', ''))) continue; // in a directory that is checked itself
      const { mode } = await stat(join(dataDir, name));
      expect({ name, open: mode & 0o067 }).toEqual({ name, open: 0 });
    }
    expect((await stat(join(dataDir, 'postgres', 'data'))).mode & 0o777).toBe(0o700);
  });

  it('says what is wrong, with the tail of the log, when Postgres cannot start', async () => {
    await (await start()).stop();
    const version = join(dataDir, 'postgres', 'data', 'PG_VERSION');
    await writeFile(version, '9\n');
    await expect(start()).rejects.toThrow(/did not start:\n.*FATAL:.*incompatible/s);
    expect(await serversBelow(dataDir)).toEqual([]);
  });
});
