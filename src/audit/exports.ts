import { Readable } from 'node:stream';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Log } from '../telemetry/log.js';

/** Milliseconds that running exports get to finish when the service stops. */
const timeoutMs = 5_000;

/** The exports that are being sent. */
@Injectable()
export class Exports implements BeforeApplicationShutdown {
  private readonly running = new Set<Readable>();

  constructor(private readonly log: Log) {}

  /** A stream of these parts. It fails when they do: what was sent until then must not look complete. */
  start(parts: AsyncIterable<string>, what: string): Readable {
    const stream = Readable.from(parts, { objectMode: false });
    this.running.add(stream);
    stream.on('error', (err) => {
      this.log.logger.error({ err }, `an export of the ${what} broke off`);
    });
    return stream.on('close', () => this.running.delete(stream));
  }

  /** A client that has stopped reading must not prevent the service from stopping. */
  beforeApplicationShutdown(): void {
    setTimeout(() => {
      for (const stream of this.running) stream.destroy(new Error('the service stops'));
    }, timeoutMs).unref();
  }
}
