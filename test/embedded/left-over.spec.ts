import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { startEmbeddedServer, type EmbeddedServer } from '@keyfence/embedded-postgres';
import {
  pidFile,
  postmasterPid,
  query,
  serversBelow,
  watchdogOf,
  World,
} from './fixtures/world.js';

describe('what an earlier run left behind', () => {
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
  afterEach(async () => {
    await world.killAll();
    await server?.stop();
  });
  afterAll(() => world.end());

  it('a half-made cluster is not taken for one, and is removed in time', async () => {
    const unfinished = join(dataDir, 'postgres.new-abc');
    await mkdir(unfinished, { recursive: true });
    await utimes(unfinished, 0, 0);
    await (await start()).stop();
    expect(await readdir(dataDir)).toEqual(['postgres', 'postgres.log']);
  });

  it('a server whose service and watchdog were killed is stopped, and a new one started', async () => {
    const holder = await world.hold(dataDir);
    await query(holder.url, 'CREATE TABLE stored AS SELECT 42 AS value');
    const orphan = await postmasterPid(dataDir);
    const watchdog = await watchdogOf(orphan);
    if (watchdog === undefined) throw new Error('there is no watchdog');
    process.kill(watchdog, 'SIGKILL');
    await holder.kill();
    expect(await serversBelow(dataDir)).toEqual([orphan]);

    const { url } = await start();
    expect(await query(url, 'SELECT value FROM stored')).toBe(42);
    expect(await postmasterPid(dataDir)).not.toBe(orphan);
    expect(await serversBelow(dataDir)).toHaveLength(1);
    expect(lines).toContain('Stopping the Postgres of an earlier run…');
  });

  it('a pid file that is empty, or names a process that is no Postgres, keeps nothing from starting', async () => {
    await (await start()).stop();
    const dead = 4_000_000;
    for (const text of ['', 'nonsense', `${process.pid}\n`, `${process.ppid}\n`, `${dead}\n`]) {
      await writeFile(pidFile(dataDir), text);
      const started = await start();
      expect({ text, response: await query(started.url, 'SELECT 1') }).toEqual({
        text,
        response: 1,
      });
      await started.stop();
    }
  });

  it('a port that somebody else has by now is replaced by another', async () => {
    const first = await start();
    await first.stop();
    const thief = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(thief, 'listening');
    try {
      const second = await start();
      expect(second.url).not.toBe(first.url);
      expect(await query(second.url, 'SELECT 1')).toBe(1);
    } finally {
      thief.close();
    }
  });
});
