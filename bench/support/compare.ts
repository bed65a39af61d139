import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { onSecondCore } from './cores.js';
import { options } from './options.js';
import type { Target } from './service.js';
import { median, quantile } from './statistics.js';

interface Comparison {
  variants: Record<string, () => Promise<Target>>;
  /** The variant that the others are measured against. */
  baseline: string;
  /** What the connections send, each one of these over and over. */
  requests: readonly autocannon.Request[];
}

interface Run {
  requestsPerSecond: number;
  /** Latency that half and 99 % of the requests stay below, in milliseconds. */
  p50: number;
  p99: number;
  /** CPU time of the server for each request, in microseconds. */
  cpu: number;
}

const { rounds, seconds } = options;
const connections = 50;
/** Seconds that each server runs before it counts: until then it is being compiled. */
const warmUp = 2;

/**
 * Starts a compiled script that sends its `url`, and its `cpu` whenever it is asked.
 *
 * @param args what the script finds in its `process.argv`
 */
export async function startScript(script: URL, ...args: string[]): Promise<Target> {
  const [execPath, ...execArgv] = onSecondCore(process.execPath);
  const child = fork(fileURLToPath(script), args, { execPath, execArgv });
  const exited = once(child, 'exit');
  const ready = once(child, 'message') as Promise<[{ url: string }]>;
  const [{ url }] = await Promise.race([
    ready,
    exited.then(([code]) => {
      throw new Error(`the server ended with ${code}`);
    }),
  ]);
  return {
    url,
    cpu: async () => {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
      return cpu.user + cpu.system;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Lets all connections send as fast as they get answers. */
async function load(url: string, requests: Comparison['requests'], duration: number) {
  const latencies: number[] = [];
  let clients = 0;
  const setupClient = (client: autocannon.Client) => {
    client.setRequests([{ ...requests[clients % requests.length] }]);
    clients += 1;
    // Its own histogram counts whole milliseconds.
    client.on('response', (_status, _bytes, milliseconds) => latencies.push(milliseconds));
  };
  const result = await autocannon({ url, connections, duration, setupClient });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} answered errors`);
  return { latencies, total: result.requests.total, duration: result.duration };
}

async function measure({ variants, requests }: Comparison, variant: string): Promise<Run> {
  const target = await variants[variant]?.();
  if (target === undefined) throw new Error(`there is no variant ${variant}`);
  try {
    await load(target.url, requests, warmUp);
    const before = await target.cpu();
    const { latencies, total, duration } = await load(target.url, requests, seconds);
    const spent = (await target.cpu()) - before;
    return {
      requestsPerSecond: total / duration,
      p50: median(latencies),
      p99: quantile(latencies, 0.99),
      cpu: spent / total,
    };
  } finally {
    await target.stop();
  }
}

function rowOf(variant: string, runs: readonly Run[], base: number): string {
  const middle = (figure: keyof Run, digits: number) =>
    median(runs.map((run) => run[figure])).toFixed(digits);
  const cpu = runs.map((run) => run.cpu);
  const spread = `${Math.min(...cpu).toFixed(1)}–${Math.max(...cpu).toFixed(1)}`;
  return `| ${[
    variant,
    middle('requestsPerSecond', 0),
    middle('p50', 1),
    middle('p99', 1),
    `${middle('cpu', 1)} (${spread})`,
    (median(cpu) - base).toFixed(1),
  ].join(' | ')} |`;
}

/** Runs the variants in turn, several times, and prints medians and spread. */
export async function compare(comparison: Comparison): Promise<void> {
  const names = Object.keys(comparison.variants);
  const runs = new Map<string, Run[]>(names.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of names) runs.get(variant)?.push(await measure(comparison, variant));
  }
  const base = median((runs.get(comparison.baseline) ?? []).map(({ cpu }) => cpu));
  console.log(
    `medians of ${rounds} alternating runs of ${seconds} s, ${connections} connections\n`,
  );
  console.log(
    `| variant | requests/s | p50 ms | p99 ms | CPU µs/request (least–most) | against ${comparison.baseline} |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [variant, all] of runs) console.log(rowOf(variant, all, base));
}
