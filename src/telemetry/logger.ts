import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoPretty } from './pretty.js';

export type { Logger };

/**
 * The fields of an error that may be logged, by name: errors of drivers carry parameters, rows and
 * connection details in other fields.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { name, message, code, stack, cause };
}

/** The longest time in milliseconds that a line waits for others. */
const periodicFlush = 100;

/**
 * The log: JSON lines, or coloured text at a terminal.
 *
 * @param destination of the lines; standard output when left out
 */
export function createLogger(destination?: DestinationStream): Logger {
  const options = { base: undefined, serializers: { err: describeError } };
  if (destination !== undefined) return pino(options, destination);
  if (process.stdout.isTTY) return pino(options, pinoPretty());
  // No request waits for its line to be written, and lines in quick succession are written at once. The
  // rest is written when the process exits.
  return pino(options, pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush }));
}

/** Sends Nest's own lines to our log. */
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
