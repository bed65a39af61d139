import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of the requests that were sent. */
export class Tally {
  /** Requests that got the response that they should. */
  requests = 0;
  errors = 0;
  /** The first error, for people. */
  firstError: string | undefined;
  private readonly latencies: RecordableHistogram = createHistogram();

  /** @param due when the request was to be sent, in milliseconds of `performance.now()` */
  async count(sent: Promise<void>, due: number): Promise<void> {
    try {
      await sent;
      this.requests += 1;
    } catch (error) {
      this.errors += 1;
      this.firstError ??= String(error);
    }
    this.latencies.record(Math.max(1, Math.round((performance.now() - due) * 1e6)));
  }

  /** The latency that this percentage of the requests stays below, in milliseconds. */
  percentile(percentage: number): number {
    return this.latencies.percentile(percentage) / 1e6;
  }
}

/** Sends as fast as responses come, for some seconds, from so many senders at once. */
export async function sendAtFullSpeed(
  send: () => Promise<void>,
  senders: number,
  seconds: number,
): Promise<Tally> {
  const tally = new Tally();
  const end = performance.now() + seconds * 1_000;
  const run = async () => {
    while (performance.now() < end) await tally.count(send(), performance.now());
  };
  await Promise.all(Array.from({ length: senders }, run));
  return tally;
}

/** Sends one at a time for some seconds, each so many milliseconds after the last response. */
export async function sendAlone(
  send: () => Promise<void>,
  pauseMs: number,
  seconds: number,
): Promise<Tally> {
  const tally = new Tally();
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    await sleep(pauseMs);
    await tally.count(send(), performance.now());
  }
  return tally;
}

/**
 * Sends so many requests each second, whatever becomes of the earlier ones: what a slow response
 * keeps waiting counts as slow, too.
 *
 * @param signal ends it; the requests that are under way then are waited for
 */
export async function sendAtRate(
  send: () => Promise<void>,
  rate: number,
  signal: AbortSignal,
): Promise<Tally> {
  const tally = new Tally();
  const underWay = new Set<Promise<void>>();
  let due = performance.now();
  while (!signal.aborted) {
    for (; due <= performance.now(); due += 1_000 / rate) {
      const counted = tally.count(send(), due).finally(() => underWay.delete(counted));
      underWay.add(counted);
    }
    await sleep(1);
  }
  await Promise.all(underWay);
  return tally;
}

/** Does something for each number below `count`, so many at once. */
export async function forEach(
  count: number,
  concurrent: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrent }, run));
}
