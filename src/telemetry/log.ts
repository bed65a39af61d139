import type { Logger } from './logger.js';

/** The log, injectable. */
export class Log {
  constructor(readonly logger: Logger) {}
}
