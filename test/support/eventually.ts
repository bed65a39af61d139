import { setTimeout as delay } from 'node:timers/promises';
import { isFull } from './environment.js';

/** Milliseconds. Long files run beside others that load the machine. */
const defaultTimeoutMs = isFull ? 60_000 : 15_000;

/** The first value that is neither undefined nor false; fails after a while. */
export async function eventually<T>(
  attempt: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = defaultTimeoutMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  const failure = () => new Error(`did not happen: ${attempt.toString()}`);
  for (;;) {
    const value = await inTime(attempt, timeoutMs + 60_000, failure);
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw failure();
    await delay(20);
  }
}

/** What `work` gives; one that never ends fails too, and so is named. */
export async function inTime<T>(
  work: () => T | Promise<T>,
  timeoutMs: number,
  failure: () => Error,
): Promise<T> {
  const over = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: over.signal }).then(() => {
    throw failure();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}
