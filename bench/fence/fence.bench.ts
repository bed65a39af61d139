import { createKnownKeys, type KnownKeys } from '../support/known-keys.js';
import { options } from '../support/options.js';
import { runScript } from '../support/script.js';
import { median } from '../support/statistics.js';
import {
  concurrencies,
  type Concurrency,
  hotKeys,
  modes,
  type FenceRun,
  type FenceTask,
  type KeySet,
  type Mode,
} from './task.js';

const { rounds, seconds = 1 } = options;
const keysPerOwner = 10;

interface Result extends FenceRun {
  keys: number;
  mode: Mode;
}

const script = new URL('./measure.js', import.meta.url);
const setsOf = ({ count }: KnownKeys): KeySet[] => (count > hotKeys ? ['uniform', 'hot'] : ['hot']);

async function measure(keys: KnownKeys, mode: Mode): Promise<Result[]> {
  const task: FenceTask = { keys, mode, sets: setsOf(keys), seconds };
  const runs = await runScript<FenceRun[]>(script, task);
  return runs.map((run) => ({ ...run, mode, keys: keys.count }));
}

/** Medians of one line of the table. */
function rowOf(results: readonly Result[], concurrent: Concurrency): string {
  const middle = (mode: Mode, figure: 'perSecond' | 'p50' | 'p99' | 'queriesPerSecond') =>
    median(
      results
        .filter((result) => result.mode === mode && result.concurrent === concurrent)
        .map((result) => result[figure]),
    );
  const columns = (mode: Mode) => [
    middle(mode, 'perSecond').toFixed(0),
    `${middle(mode, 'p50').toFixed(3)}, ${middle(mode, 'p99').toFixed(3)}`,
  ];
  const ratio = middle('strict', 'perSecond') / middle('direct', 'perSecond');
  return `| ${[
    concurrent,
    ...columns('strict'),
    middle('strict', 'queriesPerSecond').toFixed(0),
    ...columns('direct'),
    ...columns('memory only'),
    ratio.toFixed(1),
  ].join(' | ')} |`;
}

function report(results: readonly Result[], keys: number, set: KeySet): void {
  console.log(`\n${keys} keys, ${set}:\n`);
  console.log(
    '| at once | strict/s | p50, p99 ms | queries/s | direct/s | p50, p99 ms | memory only/s | p50, p99 ms | strict/direct |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const concurrent of concurrencies) console.log(rowOf(results, concurrent));
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  if (failed > 0) console.log(`\n${failed} verifications failed`);
}

/** Verification without HTTP: behind the fence, with a query for each, and without asking anybody. */
const stores: KnownKeys[] = [];
try {
  for (const count of options.keys) {
    const begin = performance.now();
    stores.push(await createKnownKeys(count, keysPerOwner));
    console.log(`${count} keys created in ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  }
  const results: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const keys of stores) {
      for (const mode of modes) results.push(...(await measure(keys, mode)));
    }
  }
  console.log(`\nmedians of ${rounds} alternating runs of ${seconds} s`);
  for (const keys of stores) {
    for (const set of setsOf(keys)) {
      const rows = results.filter((result) => result.keys === keys.count && result.set === set);
      report(rows, keys.count, set);
    }
  }
} finally {
  for (const keys of stores) await keys.remove();
}
