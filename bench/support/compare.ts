import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

interface Comparison {
  /** Compiled script that serves the variant named by its argument. */
  server: URL;
  variants: string[];
  /** The variant that the others are measured against. */
  baseline: string;
  path: string;
}

interface Run {
  requestsPerSecond: number;
  /** CPU time of the server for each request, in microseconds. */
  cpu: number;
}

const rounds = 7;
const seconds = 4;
const connections = 50;
const headers = { authorization: `Bearer kf_${'x'.repeat(42)}` };

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function cpuMicroseconds(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
  return cpu.user + cpu.system;
}

/** The server has a core of its own where the system can pin it (taskset). */
function startServer(script: string, variant: string): ChildProcess {
  const pinned = process.platform === 'linux' && availableParallelism() > 1;
  return fork(
    script,
    [variant],
    pinned ? { execPath: 'taskset', execArgv: ['-c', '1', process.execPath] } : {},
  );
}

async function measure({ server, path }: Comparison, variant: string): Promise<Run> {
  const child = startServer(fileURLToPath(server), variant);
  try {
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const options = { url: url + path, connections, headers };
    await autocannon({ ...options, duration: 1 });
    const before = await cpuMicroseconds(child);
    const result = await autocannon({ ...options, duration: seconds });
    const spent = (await cpuMicroseconds(child)) - before;
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${variant} answered errors`);
    const { total } = result.requests;
    return { requestsPerSecond: total / result.duration, cpu: spent / total };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Runs the variants in turn, several times, and prints medians and spread. */
export async function compare(comparison: Comparison): Promise<void> {
  const { variants, baseline } = comparison;
  const runs = new Map<string, Run[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) runs.get(variant)?.push(await measure(comparison, variant));
  }
  const cpuOf = (variant: string) => (runs.get(variant) ?? []).map(({ cpu }) => cpu);
  const base = median(cpuOf(baseline));
  console.log(
    `medians of ${rounds} alternating runs of ${seconds} s, ${connections} connections\n`,
  );
  console.log(`| variant | requests/s | CPU µs/request (least–most) | against ${baseline} |`);
  console.log('| --- | --- | --- | --- |');
  for (const variant of variants) {
    const all = cpuOf(variant);
    const rate = median((runs.get(variant) ?? []).map((run) => run.requestsPerSecond));
    const spread = `${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)}`;
    const difference = (median(all) - base).toFixed(1);
    console.log(
      `| ${variant} | ${rate.toFixed(0)} | ${median(all).toFixed(1)} (${spread}) | ${difference} |`,
    );
  }
}
