import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { postmasterPid, query, queryWhenBack, serversBelow, World } from './fixtures/world.js';

describe('a second process on the same data directory', () => {
  const world = new World();
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await world.dataDir();
  });
  afterEach(() => world.killAll());
  afterAll(() => world.end());

  it('that starts from nothing at the same moment ends up on the same server', async () => {
    const both = await Promise.all([world.hold(dataDir), world.hold(dataDir)]);
    expect(both[0].url).toBe(both[1].url);
    expect(await query(both[0].url, 'SELECT 1')).toBe(1);
    expect(await serversBelow(dataDir)).toHaveLength(1);
  });

  it('shares the server of the first, and leaves it running when it stops', async () => {
    const first = await world.hold(dataDir);
    const second = await world.hold(dataDir);
    expect(second.url).toBe(first.url);
    expect(await serversBelow(dataDir)).toHaveLength(1);
    expect(await second.stop()).toBe(0);
    expect(await query(first.url, 'SELECT 1')).toBe(1);
  });

  it('takes the server over on the same URL when the first stops, and stops it in the end', async () => {
    const first = await world.hold(dataDir);
    const second = await world.hold(dataDir);
    await query(first.url, 'CREATE TABLE stored AS SELECT 42 AS value');
    expect(await first.stop()).toBe(0);
    expect(await queryWhenBack(second.url, 'SELECT value FROM stored')).toBe(42);
    expect(await second.stop()).toBe(0);
    expect(await serversBelow(dataDir)).toEqual([]);
  });

  it('takes the server over on the same URL when the first is killed', async () => {
    const first = await world.hold(dataDir);
    const second = await world.hold(dataDir);
    const before = await postmasterPid(dataDir);
    await first.kill();
    await eventually(() => second.output().includes('Postgres is back'));
    expect(await query(second.url, 'SELECT 1')).toBe(1);
    expect(await postmasterPid(dataDir)).not.toBe(before);
  });

  it('ends up on one server with the first when Postgres is killed', async () => {
    const first = await world.hold(dataDir);
    const second = await world.hold(dataDir);
    process.kill(await postmasterPid(dataDir), 'SIGKILL');
    for (const { output } of [first, second]) {
      await eventually(() => output().includes('Postgres is back'));
    }
    expect(await query(first.url, 'SELECT 1')).toBe(1);
    expect(await serversBelow(dataDir)).toHaveLength(1);
  });
});
