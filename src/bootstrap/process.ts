import { setTimeout as delay } from 'node:timers/promises';
import type { GivenSettings } from '../config/settings.js';
import { SettingsError } from '../config/settings.js';
import type { Logger } from '../telemetry/logger.js';
import type { StopSignals } from './stop-signals.js';

/**
 * The longest time that a stop takes in milliseconds, and how many of them it waits for a step of the
 * start.
 */
const stopTimeoutMs = 10_000;
const startTimeoutMs = 6_000;

/** Shuts the process down cleanly on SIGINT and SIGTERM, at any time. */
export class Shutdown {
  private readonly abort = new AbortController();
  /** The stop functions of all running parts; the last part stops first. */
  private readonly steps: (() => Promise<unknown>)[] = [];
  private starting: Promise<unknown> = Promise.resolve();

  constructor(private readonly logger: Logger) {}

  /** Aborted as soon as the process is to stop. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** Adds a part, which is stopped before those that were added earlier. */
  add(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  /**
   * Listens for signals, and for the end of the npm that started this process: npm does not pass every
   * signal on.
   */
  listen(signals: StopSignals, { startedByNpm }: GivenSettings): void {
    signals.handOver((why) => void this.stop(why));
    if (!startedByNpm) return;
    setInterval(() => {
      if (process.ppid !== signals.parentPid) void this.stop('npm has ended');
    }, 500).unref();
  }

  /**
   * Runs the function that starts the service.
   *
   * @throws any error of it, but none once the process stops: the start was cancelled then
   */
  async whileStarting(start: () => Promise<void>): Promise<void> {
    const starting = start();
    this.starting = starting;
    try {
      await starting;
    } catch (error) {
      if (!this.signal.aborted) throw error;
    }
  }

  private async stop(why: string): Promise<void> {
    if (this.signal.aborted) return;
    this.logger.info(`stopping: ${why}`);
    setTimeout(() => {
      this.logger.error('stopping took too long');
      process.exit(1);
    }, stopTimeoutMs).unref();
    this.abort.abort();
    // A part that is still starting cannot be stopped cleanly. Nobody needs it yet: if its start takes
    // too long, it ends with the process.
    const started = this.starting.then(
      () => true,
      () => false,
    );
    const isWhole = await Promise.race([started, delay(startTimeoutMs, false)]);
    // What is left of a cancelled start complains when its database goes: no news to anybody.
    if (!isWhole) this.logger.level = 'silent';
    for (const step of this.steps.reverse()) {
      await step().catch((err: unknown) => {
        this.logger.error({ err }, 'a part did not stop cleanly');
      });
    }
    process.exit(0);
  }
}

/** Ends the process with a message that a person understands when `work` fails. */
export async function exitOnFailure(work: Promise<void>, logger: Logger): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (err instanceof SettingsError) logger.fatal(err.message);
    else logger.fatal({ err }, err instanceof Error ? err.message : String(err));
    process.exit(1);
  }
}
