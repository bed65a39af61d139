import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { serversBelow, World } from '../embedded/fixtures/world.js';
import { count } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { launchProcess, type LaunchedProcess } from '../support/process.js';

const timeoutMs = 180_000;
/** Of twenty moments, or ten, half are in a first start and half in a later one. */
const half = count(5, 10);

/** Says when the process hears signals: before that, node itself dies of them. */
const listens = `listens-${randomUUID()}`;
const preload = `data:text/javascript,${encodeURIComponent(`
  const timer = setInterval(() => {
    if (process.listenerCount('SIGINT') === 0) return;
    clearInterval(timer);
    process.stdout.write('${listens}\\n');
  }, 1);
  timer.unref();
`)}`;

describe('Ctrl-C during a start on the embedded database', () => {
  const world = new World();
  let used: string;
  /** Milliseconds from hearing signals to being ready. */
  const lengthsMs = { first: 0, later: 0 };

  const launch = async (dataDir: string): Promise<LaunchedProcess> => {
    const service = launchProcess({ KEYFENCE_DATA_DIR: dataDir }, { preload: [preload] });
    await eventually(() => service.output().includes(listens), timeoutMs);
    return service;
  };

  async function startWhole(dataDir: string): Promise<number> {
    const service = await launch(dataDir);
    const beganAt = performance.now();
    const early = service.exited.then(() => Promise.reject(new Error(service.output())));
    await Promise.race([service.ready, early]);
    const tookMs = performance.now() - beganAt;
    expect(await service.end('SIGTERM')).toEqual({ code: 0 });
    early.catch(() => undefined);
    return tookMs;
  }

  async function interrupt(dataDir: string, afterMs: number): Promise<void> {
    const service = await launch(dataDir);
    await delay(afterMs);
    service.child.kill('SIGINT');
    expect(await service.exited).toEqual([0, null]);
    const lines = service.output().replace(`${listens}\n`, '').trim().split('\n');
    // Each line that is left is a record of the log: no stack, nothing of libraries.
    const records = lines
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { level: number });
    expect(records.filter(({ level }) => level > 30)).toEqual([]);
    expect(await serversBelow(dataDir)).toEqual([]);
    const left = await readdir(dataDir).catch(() => []);
    expect(left.filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  }

  beforeAll(async () => {
    used = await world.dataDir();
    lengthsMs.first = await startWhole(used);
    lengthsMs.later = await startWhole(used);
  });
  afterAll(() => world.end());

  for (let n = 0; n < half; n += 1) {
    it(`${(100 * n) / half} % into a first start: ends quietly with 0, and the next start is whole`, async () => {
      const dataDir = await world.dataDir();
      await interrupt(dataDir, (n / half) * lengthsMs.first);
      await startWhole(dataDir);
    });
  }

  for (let n = 0; n < half; n += 1) {
    it(`${(100 * (n + 0.5)) / half} % into a later start: ends quietly with 0`, async () => {
      await interrupt(used, ((n + 0.5) / half) * lengthsMs.later);
    });
  }

  it('the data directory that was interrupted so often is fine', async () => {
    await startWhole(used);
  });
});
