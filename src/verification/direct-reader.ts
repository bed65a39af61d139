import { setTimeout as delay } from 'node:timers/promises';
import {
  refusalDelay,
  RecordReader,
  type Lookup,
  type Reading,
  type Waiting,
} from './record-reader.js';
import type { RecordStore } from './record.store.js';

/** Asks the primary for each request, and caches nothing. */
export class DirectReader extends RecordReader {
  constructor(private readonly store: RecordStore) {
    super();
  }

  read(lookups: readonly Lookup[], waiting: Waiting<Reading>): void {
    this.ask(lookups).then(
      (reading) => {
        waiting.done(reading);
      },
      (error: unknown) => {
        waiting.failed(error);
      },
    );
  }

  private async ask(lookups: readonly Lookup[]): Promise<Reading> {
    const settled = delay(refusalDelay);
    const hashes = lookups.map((lookup) => lookup.hashes());
    const result = await this.store.ask({ after: undefined, hashes: hashes.flat() });
    let first = 0;
    const facts = hashes.map((candidates) => {
      const found = result.found.slice(first, (first += candidates.length));
      return found.find((each) => each !== undefined);
    });
    return { facts, authSeq: result.head, now: result.now, settled };
  }
}
