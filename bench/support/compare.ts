import { once } from 'node:events';
import autocannon from 'autocannon';
import { options } from './options.js';
import { firstMessage, forkScript } from './script.js';
import type { Target } from './service.js';
import { median, quantile } from './statistics.js';

export interface Comparison {
  variants: Record<string, () => Promise<Target>>;
  /** The variant that the others are measured against. */
  baseline: string;
  /** What the connections send, each one of these over and over. */
  requests: readonly autocannon.Request[];
  /** CPU time, in microseconds so far, of another process that has a part in it. */
  beside?: () => Promise<number>;
}

interface Run {
  requestsPerSecond: number;
  /** Latency that half and 99 % of the requests stay below, in milliseconds. */
  p50: number;
  p99: number;
  /** CPU time of the server for each request, in microseconds. */
  cpu: number;
  /** The same of the process beside it. */
  beside: number;
}

const { rounds, seconds = 4 } = options;
const connections = 50;
/** Seconds that each server runs before it counts: until then it is being compiled. */
const warmUp = 2;

/**
 * Starts a compiled script that sends its `url`, and its `cpu` whenever it is asked.
 *
 * @param args what the script finds in its `process.argv`
 */
export async function startScript(script: URL, ...args: string[]): Promise<Target> {
  const child = forkScript(script, args);
  const { url } = await firstMessage<{ url: string }>(child);
  return {
    url,
    cpu: async () => {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
      return cpu.user + cpu.system;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Lets all connections send as fast as they get responses. */
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
  if (result.non2xx > 0 || result.errors > 0) {
    const responses = JSON.stringify(result.statusCodeStats);
    throw new Error(`${url} responded with ${responses}, and ${result.errors} times not at all`);
  }
  return { latencies, total: result.requests.total, duration: result.duration };
}

async function measure(
  { variants, requests, beside = () => Promise.resolve(0) }: Comparison,
  variant: string,
): Promise<Run> {
  const target = await variants[variant]?.();
  if (target === undefined) throw new Error(`there is no variant ${variant}`);
  try {
    await load(target.url, requests, warmUp);
    const before = await target.cpu();
    const besideBefore = await beside();
    const { latencies, total, duration } = await load(target.url, requests, seconds);
    const spent = (await target.cpu()) - before;
    return {
      requestsPerSecond: total / duration,
      p50: median(latencies),
      p99: quantile(latencies, 0.99),
      cpu: spent / total,
      beside: ((await beside()) - besideBefore) / total,
    };
  } finally {
    await target.stop();
  }
}

const middle = (runs: readonly Run[], figure: keyof Run) => median(runs.map((run) => run[figure]));

function rowOf(variant: string, runs: readonly Run[], base: readonly Run[]): string {
  const rate = middle(runs, 'requestsPerSecond');
  const share = rate / middle(base, 'requestsPerSecond');
  const cpu = runs.map((run) => run.cpu);
  const spread = `${Math.min(...cpu).toFixed(1)}–${Math.max(...cpu).toFixed(1)}`;
  return `| ${[
    variant,
    `${rate.toFixed(0)} (${(share * 100).toFixed(0)} %)`,
    middle(runs, 'p50').toFixed(1),
    middle(runs, 'p99').toFixed(1),
    `${median(cpu).toFixed(1)} (${spread})`,
    (median(cpu) - middle(base, 'cpu')).toFixed(1),
    middle(runs, 'beside').toFixed(1),
  ].join(' | ')} |`;
}

/** Runs the variants in turn, several times, and prints medians and spread. */
export async function compare(comparison: Comparison): Promise<void> {
  const names = Object.keys(comparison.variants);
  const runs = new Map<string, Run[]>(names.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of names) runs.get(variant)?.push(await measure(comparison, variant));
  }
  const base = runs.get(comparison.baseline) ?? [];
  console.log(
    `medians of ${rounds} alternating runs of ${seconds} s, ${connections} connections\n`,
  );
  console.log(
    `| variant | requests/s (of ${comparison.baseline}) | p50 ms | p99 ms | CPU µs/request (least–most) | against ${comparison.baseline} | CPU µs/request beside it |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const [variant, all] of runs) console.log(rowOf(variant, all, base));
}
