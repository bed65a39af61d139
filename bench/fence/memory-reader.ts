import type { AccessFacts } from '../../src/permissions/facts.js';
import { RecordCache } from '../../src/verification/record-cache.js';
import {
  RecordReader,
  type Lookup,
  type Reading,
  type Waiting,
} from '../../src/verification/record-reader.js';

/**
 * Never checks again what it remembers, and asks the other reader for the rest: what verification
 * costs apart from all asking, and what no service may do.
 */
export class MemoryReader extends RecordReader {
  private readonly cache: RecordCache;
  private authSeq = 0;

  constructor(
    private readonly other: RecordReader,
    cacheKeys: number,
  ) {
    super();
    this.cache = new RecordCache(cacheKeys);
  }

  read(lookups: readonly Lookup[], waiting: Waiting<Reading>): void {
    const cached = lookups.map(({ digest }) => this.cache.find(digest));
    if (!cached.includes(undefined)) {
      const { authSeq } = this;
      waiting.done({ facts: cached, authSeq, now: new Date(), settled: Promise.resolve() });
      return;
    }
    this.other.read(lookups, {
      ...waiting,
      done: (reading) => {
        this.authSeq = reading.authSeq;
        lookups.forEach(({ digest }, index) => {
          this.keep(digest, reading.facts[index]);
        });
        waiting.done(reading);
      },
    });
  }

  private keep(digest: string, facts: AccessFacts | undefined): void {
    if (facts !== undefined) this.cache.store(digest, facts);
  }
}
