import { SecretHasher } from '../../src/keys/secret-hasher.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { UsageRecorder } from '../../src/usage/usage-recorder.js';
import { FirstUse } from '../../src/verification/first-use.js';
import { RecordReader } from '../../src/verification/record-reader.js';
import { Verifier } from '../../src/verification/verifier.js';
import { MemoryReader } from '../fence/memory-reader.js';
import { openApplication } from '../support/application.js';
import { Secrets, type KnownKeys } from '../support/known-keys.js';
import { forEach, sendAtFullSpeed } from '../support/load.js';

export interface UsageTask {
  keys: Pick<KnownKeys, 'databaseUrl' | 'secret' | 'path'>;
  rounds: number;
  /** Length of each run. */
  seconds: number;
}

/** CPU time of a verification in each run, in microseconds. */
export interface UsageRuns {
  recorded: number[];
  unrecorded: number[];
}

/** Verifications from memory, so that nothing but the recording differs. */
async function measure({ keys, rounds, seconds }: UsageTask): Promise<UsageRuns> {
  const app = await openApplication(keys, {});
  const secrets = await Secrets.read(keys.path);
  const reader = new MemoryReader(app.get(RecordReader), secrets.count);
  const recorder = app.get(UsageRecorder);
  const silent = Object.assign(Object.create(recorder) as UsageRecorder, {
    record: () => undefined,
  });
  const draw = (usage: UsageRecorder) => {
    const parts = [app.get(SecretHasher), app.get(FirstUse), app.get(Metrics)] as const;
    const verifier = new Verifier(reader, ...parts, usage);
    return async (index = Math.floor(Math.random() * secrets.count)) => {
      const finding = await verifier.findOne(secrets.at(index));
      verifier.judge(finding, '192.0.2.7', 'telemetry-collector/2.1');
    };
  };
  const run = async (verify: () => Promise<void>) => {
    const before = process.cpuUsage();
    const { requests } = await sendAtFullSpeed(verify, 64, seconds);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / requests;
  };
  const [recorded, unrecorded] = [draw(recorder), draw(silent)];
  await forEach(secrets.count, 64, recorded);
  const runs: UsageRuns = { recorded: [], unrecorded: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const [first, second] = [await run(() => recorded()), await run(() => unrecorded())];
    // The first round warms up.
    if (round === 0) continue;
    runs.recorded.push(first);
    runs.unrecorded.push(second);
  }
  return runs;
}

process.send?.(await measure(JSON.parse(process.argv[2] ?? '') as UsageTask));
