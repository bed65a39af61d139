import type { INestApplicationContext } from '@nestjs/common';
import { Settings } from '../../src/config/settings.js';
import { SecretHasher } from '../../src/keys/secret-hasher.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { UsageRecorder } from '../../src/usage/usage-recorder.js';
import { FirstUse } from '../../src/verification/first-use.js';
import { RecordReader } from '../../src/verification/record-reader.js';
import { Verifier } from '../../src/verification/verifier.js';
import { openApplication } from '../support/application.js';
import { Secrets } from '../support/known-keys.js';
import { forEach, sendAlone, sendAtFullSpeed } from '../support/load.js';
import { readMetric } from '../support/metric.js';
import { MemoryReader } from './memory-reader.js';
import {
  concurrencies,
  hotKeys,
  type FenceRun,
  type FenceTask,
  type KeySet,
  type Mode,
} from './task.js';

function verifierOf(app: INestApplicationContext, mode: Mode): Verifier {
  if (mode !== 'memory only') return app.get(Verifier);
  const reader = new MemoryReader(app.get(RecordReader), app.get(Settings).cacheKeys);
  return new Verifier(
    reader,
    app.get(SecretHasher),
    app.get(FirstUse),
    app.get(Metrics),
    app.get(UsageRecorder),
  );
}

/** The keys that are verified. */
function keysOf(secrets: Secrets, set: KeySet): { count: number; at(index: number): string } {
  if (set === 'uniform') return secrets;
  const count = Math.min(hotKeys, secrets.count);
  const hot = Array.from({ length: count }, (_, index) =>
    secrets.at(Math.floor((index * secrets.count) / count)),
  );
  return { count, at: (index) => hot[index] ?? '' };
}

async function measure({ keys, mode, sets, seconds }: FenceTask): Promise<FenceRun[]> {
  const app = await openApplication(keys, {
    KEYFENCE_VERIFY: mode === 'direct' ? 'direct' : 'strict',
  });
  const verifier = verifierOf(app, mode);
  const verify = async (secret: string) => {
    const { verdict } = verifier.judge(await verifier.findOne(secret), undefined);
    if (!verdict.good) throw new Error('a valid key was refused');
  };
  const queries = async () =>
    readMetric(await app.get(Metrics).text(), 'keyfence_fence_queries_total');
  const secrets = await Secrets.read(keys.path);
  const runs: FenceRun[] = [];
  for (const set of sets) {
    const those = keysOf(secrets, set);
    const draw = () => verify(those.at(Math.floor(Math.random() * those.count)));
    const remembered = mode === 'direct' ? 0 : Math.min(those.count, app.get(Settings).cacheKeys);
    await forEach(remembered, 64, (index) => verify(those.at(index)));
    await sendAtFullSpeed(draw, 64, seconds);
    for (const concurrent of concurrencies) {
      const before = await queries();
      const begin = performance.now();
      const tally = await (concurrent === 'alone'
        ? sendAlone(draw, 5, seconds)
        : sendAtFullSpeed(draw, concurrent, seconds));
      const elapsed = (performance.now() - begin) / 1_000;
      runs.push({
        set,
        concurrent,
        perSecond: tally.requests / elapsed,
        p50: tally.percentile(50),
        p99: tally.percentile(99),
        queriesPerSecond: ((await queries()) - before) / elapsed,
        failed: tally.errors,
      });
    }
  }
  return runs;
}

process.send?.(await measure(JSON.parse(process.argv[2] ?? '') as FenceTask));
