import { setTimeout as delay } from 'node:timers/promises';

/** The first value that is neither undefined nor false; fails after a while. */
export async function eventually<T>(
  attempt: () => T | undefined | false | Promise<T | undefined | false>,
  patience = 15_000,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await attempt();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`did not happen: ${attempt.toString()}`);
    await delay(20);
  }
}
