import type { Log } from '../telemetry/log.js';

/** Milliseconds between two lines. */
const interval = 60_000;

/** Logs that jobs cannot be reached, however often and in however many places it is noticed. */
export class OutageLog {
  private lastLine = -Infinity;

  constructor(private readonly log: Log) {}

  readonly report = (err: unknown): void => {
    const now = performance.now();
    if (now - this.lastLine < interval) return;
    this.lastLine = now;
    this.log.logger.warn({ err }, 'the queue of jobs cannot be reached: retrying');
  };
}
