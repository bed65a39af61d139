import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoPretty } from './pretty.js';

export type { Logger };

/**
 * What an error may tell the log: by name, because errors of drivers carry parameters, rows and
 * connection details in further fields.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { name, message, code, stack, cause };
}

/** Milliseconds that a line waits for others at the most. */
const periodicFlush = 100;

/**
 * The log: JSON lines, or coloured text when a person watches.
 *
 * @param destination where lines go; standard output when left out
 */
export function createLogger(destination?: DestinationStream): Logger {
  const options = { base: undefined, serializers: { err: describeError } };
  if (destination !== undefined) return pino(options, destination);
  if (process.stdout.isTTY) return pino(options, pinoPretty());
  // No request waits for its line to be written, and lines that come close together are written at
  // once. What is left is written when the process exits.
  return pino(options, pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush }));
}

/** Lets Nest write its own lines into our log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stackOrContext?: string): void {
    const err = message instanceof Error ? message : undefined;
    this.logger.error({ err, context: stackOrContext }, String(message));
  }
}
