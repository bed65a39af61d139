import { LRUCache } from 'lru-cache';

interface Count {
  /** The last total of the store, and what was counted since. */
  total: number;
  /** How much of it is not written to the store yet. */
  unwritten: number;
}

/** Counts of one window that are to be written to the store. */
export interface Batch {
  windowStart: number;
  counts: ReadonlyMap<string, number>;
}

/**
 * Failures of each client in fixed windows, as far as this process knows. Times are in milliseconds
 * since 1970.
 */
export class FailureCounts {
  private windowStart = 0;
  /**
   * When it is full, the clients with the latest failures stay: so one that goes on is not forgotten.
   * Counts that are dropped before they are written are lost.
   */
  private readonly counts: LRUCache<string, Count>;

  /**
   * @param limit failures of a client in a window after which it has to wait
   * @param windowLength in milliseconds
   * @param capacity the largest number of clients
   */
  constructor(
    private readonly limit: number,
    private readonly windowLength = 60_000,
    capacity = 10_000,
  ) {
    this.counts = new LRUCache({ max: capacity });
  }

  /** Whether nothing is counted, not even in a window that has ended. */
  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  add(client: string, now: number): void {
    this.enterWindow(now);
    const count = this.counts.get(client);
    if (count === undefined) {
      this.counts.set(client, { total: 1, unwritten: 1 });
    } else {
      count.total += 1;
      count.unwritten += 1;
    }
  }

  /** Seconds until the window ends, for a client that has reached the limit; otherwise undefined. */
  secondsToWait(client: string, now: number): number | undefined {
    this.enterWindow(now);
    const count = this.counts.get(client);
    if (count === undefined || count.total < this.limit) return undefined;
    return Math.ceil((this.windowStart + this.windowLength - now) / 1_000);
  }

  /** Takes what is not written to the store yet; undefined when there is nothing new. */
  takeUnwritten(now: number): Batch | undefined {
    this.enterWindow(now);
    const counts = new Map<string, number>();
    for (const [client, count] of this.counts.entries()) {
      if (count.unwritten > 0) counts.set(client, count.unwritten);
      count.unwritten = 0;
    }
    return counts.size === 0 ? undefined : { windowStart: this.windowStart, counts };
  }

  /** Takes a batch back that could not be written. */
  putBack({ windowStart, counts }: Batch): void {
    if (windowStart !== this.windowStart) return;
    for (const [client, failures] of counts) {
      const count = this.counts.peek(client);
      if (count !== undefined) count.unwritten += failures;
    }
  }

  /** Takes over the store's totals, over all processes, after a batch was written. */
  learn({ windowStart }: Batch, totals: ReadonlyMap<string, number>): void {
    if (windowStart !== this.windowStart) return;
    for (const [client, total] of totals) {
      const count = this.counts.peek(client);
      if (count !== undefined) count.total = total + count.unwritten;
    }
  }

  /** Counts of one window have no effect on the next. */
  private enterWindow(now: number): void {
    const start = now - (now % this.windowLength);
    if (start === this.windowStart) return;
    this.windowStart = start;
    this.counts.clear();
  }
}
