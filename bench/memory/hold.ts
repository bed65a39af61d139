import { setImmediate as tick } from 'node:timers/promises';
import { Verifier } from '../../src/verification/verifier.js';
import { openApplication } from '../support/application.js';
import { Secrets, type KnownKeys } from '../support/known-keys.js';
import { forEach } from '../support/load.js';

export interface HoldTask {
  keys: Pick<KnownKeys, 'databaseUrl' | 'secret' | 'path'>;
  cacheKeys: number;
}

/** Verifications at once. */
const concurrent = 256;

/** Bytes in use within the heap and outside, once nothing is left to be collected. */
async function bytesInUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await tick();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Verifies every key once. @returns bytes in use afterwards */
async function hold({ keys, cacheKeys }: HoldTask): Promise<number> {
  const app = await openApplication(keys, { KEYFENCE_CACHE_KEYS: `${cacheKeys}` });
  const verifier = app.get(Verifier);
  const secrets = await Secrets.read(keys.path);
  await forEach(secrets.count, concurrent, async (index) => {
    const { verdict } = verifier.judge(await verifier.findOne(secrets.at(index)), undefined);
    if (!verdict.good) throw new Error('a valid key was refused');
  });
  return bytesInUse();
}

process.send?.(await hold(JSON.parse(process.argv[2] ?? '') as HoldTask));
