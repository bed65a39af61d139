import { createKnownKeys } from '../support/known-keys.js';
import { options } from '../support/options.js';
import { runScript } from '../support/script.js';
import { median } from '../support/statistics.js';
import type { UsageRuns, UsageTask } from './measure.js';

const { rounds, seconds = 2 } = options;

const keys = await createKnownKeys(5_000, 10);
try {
  const task: UsageTask = { keys, rounds, seconds };
  const runs = await runScript<UsageRuns>(new URL('./measure.js', import.meta.url), task);
  const [recorded, unrecorded] = [median(runs.recorded), median(runs.unrecorded)];
  const spread = (values: number[]) =>
    `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
  console.log(`5000 keys, medians of ${rounds} alternating runs of ${seconds} s\n`);
  console.log('| a verification from memory | CPU µs (least–most) |');
  console.log('| --- | --- |');
  console.log(`| recorded | ${recorded.toFixed(2)} (${spread(runs.recorded)}) |`);
  console.log(`| not recorded | ${unrecorded.toFixed(2)} (${spread(runs.unrecorded)}) |`);
  console.log(`| difference | ${(recorded - unrecorded).toFixed(2)} |`);
} finally {
  await keys.remove();
}
