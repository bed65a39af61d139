import type { GivenSettings } from '../config/settings.js';
import { SettingsError } from '../config/settings.js';
import type { Logger } from '../telemetry/logger.js';

const patience = 10_000;

type Step = () => Promise<unknown>;

/**
 * Stops the process in order on SIGINT and SIGTERM, or when the npm that started it is gone: npm
 * does not hand every signal down.
 *
 * @returns a list to which each part that is running adds how it stops; the last part stops first
 */
export function stopOnSignals({ startedByNpm }: GivenSettings, logger: Logger): Step[] {
  const steps: Step[] = [];
  let isStopping = false;
  const stop = async (why: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info(`stopping: ${why}`);
    setTimeout(() => {
      logger.error('stopping took too long');
      process.exit(1);
    }, patience).unref();
    for (const step of steps.reverse()) {
      await step().catch((err: unknown) => {
        logger.error({ err }, 'a part did not stop cleanly');
      });
    }
    process.exit(0);
  };
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('SIGTERM', () => void stop('SIGTERM'));
  if (startedByNpm) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void stop('npm has ended');
    }, 500).unref();
  }
  return steps;
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
