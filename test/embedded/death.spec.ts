import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { postmasterPid, query, queryWhenBack, serversBelow, World } from './fixtures/world.js';

describe('when a process dies', () => {
  const world = new World();
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await world.dataDir();
    const holder = await world.hold(dataDir);
    await query(holder.url, 'CREATE TABLE stored AS SELECT 0 AS value');
    await holder.stop();
  });
  afterEach(() => world.killAll());
  afterAll(() => world.end());

  /** A service that has just committed a value of its own. */
  async function holdWith(value: number) {
    const holder = await world.hold(dataDir);
    await query(holder.url, `UPDATE stored SET value = ${value}`);
    return holder;
  }

  it('kill -9 of the service leaves no server, and the next start has the data', async () => {
    const first = await holdWith(41);
    await first.kill();
    await eventually(async () => (await serversBelow(dataDir)).length === 0);
    const second = await world.hold(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT value FROM stored')).toBe(41);
    expect(await second.stop()).toBe(0);
  });

  it('a start right after kill -9 of the service waits for the old server and succeeds', async () => {
    const first = await holdWith(42);
    await first.kill();
    const second = await world.hold(dataDir);
    expect(await query(second.url, 'SELECT value FROM stored')).toBe(42);
    expect(await serversBelow(dataDir)).toHaveLength(1);
  });

  it('kill -9 of Postgres, twice, is recovered on the same URL without losing a commit', async () => {
    const holder = await holdWith(43);
    for (const round of ['first', 'second']) {
      const before = await postmasterPid(dataDir);
      process.kill(before, 'SIGKILL');
      expect({ round, value: await queryWhenBack(holder.url, 'SELECT value FROM stored') }).toEqual(
        {
          round,
          value: 43,
        },
      );
      expect(await postmasterPid(dataDir)).not.toBe(before);
    }
    await eventually(() => holder.output().includes('Postgres is back'));
    expect(await holder.stop()).toBe(0);
    expect(await serversBelow(dataDir)).toEqual([]);
  });

  it('kill -9 of both is recovered by the next start', async () => {
    const first = await holdWith(44);
    process.kill(await postmasterPid(dataDir), 'SIGKILL');
    await first.kill();
    const second = await world.hold(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT value FROM stored')).toBe(44);
  });

  it('a crash of one connection, which Postgres repairs itself, leaves the server in place', async () => {
    const holder = await world.hold(dataDir);
    const postmaster = await postmasterPid(dataDir);
    const sleeping = query(holder.url, 'SELECT pg_sleep(60)').catch(() => 'broken off');
    const find = "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'";
    const backend = await eventually(async () => (await query(holder.url, find)) ?? undefined);
    process.kill(Number(backend), 'SIGKILL');
    expect(await sleeping).toBe('broken off');
    await eventually(() => holder.output().includes('Postgres is back'));
    expect(await query(holder.url, 'SELECT 1')).toBe(1);
    expect(await postmasterPid(dataDir)).toBe(postmaster);
    expect(await holder.stop()).toBe(0);
    expect(await serversBelow(dataDir)).toEqual([]);
  });

  it('a service that ends without stopping the server is not held up, and takes it along', async () => {
    const holder = await world.hold(dataDir, {}, 'leave');
    await eventually(() => holder.ended());
    expect(await holder.stop()).toBe(0);
    await eventually(async () => (await serversBelow(dataDir)).length === 0);
  });

  it('Ctrl-C reaches the service and not the server, which then stops in good order', async () => {
    const holder = await world.hold(dataDir);
    process.kill(-holder.pid, 'SIGINT'); // as a terminal does: to the whole group
    await eventually(() => holder.output().includes('interrupted'));
    expect(await query(holder.url, 'SELECT 1')).toBe(1);
    expect(await holder.stop()).toBe(0);
    expect(holder.output()).toContain('stopped');
  });
});
