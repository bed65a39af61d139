import type { DestinationStream } from 'pino';
import pretty from 'pino-pretty';

/** Log lines for a person at a terminal. */
export function pinoPretty(): DestinationStream {
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'hostname,pid' });
}
