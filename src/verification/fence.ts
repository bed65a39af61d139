import { Problem } from '../common/errors.js';
import type { QueryResult, FencedRecords, Loaded, Question, Stamp } from './fenced-records.js';
import { FairQueue } from './fair-queue.js';
import { Pace } from './pace.js';
import {
  refusalDelay,
  RecordReader,
  type Lookup,
  type Reading,
  type Waiting,
} from './record-reader.js';

/** Time for the fence, on the clock of this process: no verdict depends on it. */
interface Timing {
  /** Milliseconds, never decreasing. */
  now(): number;
  /** Runs something after so many milliseconds; 0 means after everything that has arrived. */
  later(ms: number, run: () => void): void;
}

interface FenceOptions {
  readonly ask: (question: Question) => Promise<QueryResult>;
  readonly records: FencedRecords;
  /** The largest number of queries under way, beside one about many keys that are not cached. */
  readonly connections: number;
  /** The longest time in milliseconds that a request waits. */
  readonly timeout: number;
  readonly timing?: Timing;
  /** The number of keys that are not cached beyond which a request waits for a query of its own. */
  readonly manyMisses?: number;
}

interface Waiter {
  readonly lookups: readonly Lookup[];
  readonly deadline: number;
  readonly waiting: Waiting<Reading>;
  isDone: boolean;
  /** The last response brought nothing: the cache may never have all of it at the same time. */
  asksForAll: boolean;
}

/** A query, and the requests that wait for it. */
interface Batch {
  readonly waiters: Waiter[];
  readonly sent: Stamp;
  readonly hashes: Buffer[];
  /** The range of the hashes that belong to a digest. */
  readonly asked: Map<string, { first: number; count: number }>;
  readonly settled: Promise<void>;
}

const maxWaiters = 10_000;
const defaultManyMisses = 20;
/** The number of hashes in one query; further ones wait for the next. */
const maxHashes = 1_000;
/** Milliseconds between two checks for requests that have waited too long. */
const sweepEvery = 20;

const realTime: Timing = {
  now: () => performance.now(),
  later: (ms, run) => {
    if (ms === 0) setImmediate(run);
    else setTimeout(run, ms);
  },
};

/**
 * Reads records from memory behind a read fence. No cached record is used before the primary was asked
 * what has changed, in a query that was sent after the request had arrived. One query serves all
 * requests that wait for it. docs/revocation.md says what this promises, and why it holds.
 */
export class Fence extends RecordReader {
  private collecting: Waiter[] = [];
  private readonly inFlight = new Set<Batch>();
  private waiting = 0;
  /** When the next query is sent; another one replaces it where that can be earlier. */
  private turn: { readonly due: number } | undefined;
  private isSweeping = false;
  /** Requests about many keys that are not cached: their queries are slow, and nobody else waits for them. */
  private readonly slow = new FairQueue<Waiter>();
  private slowBatch: Batch | undefined;
  private isSlowBusy = false;
  private readonly pace: Pace;
  private readonly timing: Timing;

  constructor(private readonly options: FenceOptions) {
    super();
    this.timing = options.timing ?? realTime;
    this.pace = new Pace(options.connections);
  }

  read(lookups: readonly Lookup[], waiting: Waiting<Reading>): void {
    if (this.waiting >= maxWaiters) {
      waiting.failed(new Problem('unavailable'));
      return;
    }
    const deadline = this.timing.now() + this.options.timeout;
    this.waiting += 1;
    this.sweepLater();
    this.join({ lookups, deadline, waiting, isDone: false, asksForAll: false });
  }

  /**
   * Always a query that has not been sent yet: the result of one that was sent may be older than this
   * request.
   */
  private join(waiter: Waiter): void {
    if (this.hasManyMisses(waiter)) {
      // For each caller in turn: its key comes first.
      this.slow.add(waiter.lookups[0]?.digest ?? '', waiter);
      this.scheduleSlow();
    } else {
      this.collecting.push(waiter);
      this.schedule();
    }
  }

  private hasManyMisses({ lookups, asksForAll }: Waiter): boolean {
    const { records, manyMisses = defaultManyMisses } = this.options;
    if (lookups.length <= manyMisses) return false;
    const misses = asksForAll ? lookups : lookups.filter(({ digest }) => !records.has(digest));
    return misses.length > manyMisses;
  }

  /** One at a time, on a connection that the others leave free. */
  private scheduleSlow(): void {
    if (this.isSlowBusy || this.slow.isEmpty) return;
    this.isSlowBusy = true;
    this.timing.later(0, () => {
      const batch = this.newBatch();
      while (batch.hashes.length < maxHashes) {
        const waiter = this.slow.take();
        if (waiter === undefined) break;
        this.add(waiter, batch);
      }
      this.slowBatch = batch;
      this.ask(batch, () => {
        this.slowBatch = undefined;
        this.isSlowBusy = false;
        this.scheduleSlow();
      });
    });
  }

  private schedule(): void {
    if (this.collecting.length === 0) return;
    const now = this.timing.now();
    const ms = this.pace.delay(now, this.inFlight.size);
    const due = now + ms;
    if (due >= (this.turn?.due ?? Infinity)) return;
    const turn = { due };
    this.turn = turn;
    this.timing.later(ms, () => {
      if (this.turn !== turn) return;
      this.turn = undefined;
      this.send();
      this.schedule();
    });
  }

  private send(): void {
    const batch = this.nextBatch();
    if (batch.waiters.length === 0) return;
    this.pace.count(this.timing.now());
    this.inFlight.add(batch);
    this.ask(batch, () => {
      this.inFlight.delete(batch);
      this.schedule();
    });
  }

  /** @param ended called before those who wait are decided, or fail */
  private ask(batch: Batch, ended: () => void): void {
    const { hashes, sent, waiters } = batch;
    this.options.ask({ after: sent.applied, hashes }).then(
      (result) => {
        ended();
        this.receive(batch, result);
      },
      (error: unknown) => {
        ended();
        for (const waiter of waiters) this.fail(waiter, error);
      },
    );
  }

  private nextBatch(): Batch {
    const batch = this.newBatch();
    let taken = 0;
    for (const waiter of this.collecting) {
      if (batch.hashes.length >= maxHashes) break;
      taken += 1;
      this.add(waiter, batch);
    }
    this.collecting = this.collecting.slice(taken);
    return batch;
  }

  private newBatch(): Batch {
    const settled = new Promise<void>((resolve) => {
      this.timing.later(refusalDelay, resolve);
    });
    return {
      waiters: [],
      sent: this.options.records.stamp,
      hashes: [],
      asked: new Map(),
      settled,
    };
  }

  private add(waiter: Waiter, { waiters, hashes, asked }: Batch): void {
    if (waiter.isDone) return;
    waiters.push(waiter);
    for (const lookup of waiter.lookups) {
      if (asked.has(lookup.digest)) continue;
      if (!waiter.asksForAll && this.options.records.has(lookup.digest)) continue;
      const candidates = lookup.hashes();
      asked.set(lookup.digest, { first: hashes.length, count: candidates.length });
      hashes.push(...candidates);
    }
  }

  /** Applies a result, and decides all requests that wait for it in the same tick. */
  private receive(batch: Batch, result: QueryResult): void {
    const { records } = this.options;
    const loaded = loadedBy(batch, result);
    const standing = records.accept(batch.sent, result, loaded);
    for (const waiter of batch.waiters) {
      if (waiter.isDone) continue;
      const found = records.read(waiter.lookups, result, loaded, standing);
      if (found === undefined) {
        waiter.asksForAll = true;
        this.join(waiter);
        continue;
      }
      this.end(waiter);
      const { facts, authSeq, now } = found;
      waiter.waiting.done({ facts, authSeq, now, settled: batch.settled });
    }
  }

  private fail(waiter: Waiter, error: unknown): void {
    if (waiter.isDone) return;
    this.end(waiter);
    waiter.waiting.failed(error);
  }

  private end(waiter: Waiter): void {
    waiter.isDone = true;
    this.waiting -= 1;
  }

  private sweepLater(): void {
    if (this.isSweeping) return;
    this.isSweeping = true;
    this.timing.later(sweepEvery, () => {
      // A result that has already arrived on a busy process is read first.
      this.timing.later(0, () => {
        this.isSweeping = false;
        this.sweep();
        if (this.waiting > 0) this.sweepLater();
      });
    });
  }

  /** Ends requests that have waited too long. Their query may still return, but nobody waits for it. */
  private sweep(): void {
    const now = this.timing.now();
    const asked = [...this.inFlight].flatMap(({ waiters }) => waiters);
    const slow = [...this.slow.all, ...(this.slowBatch?.waiters ?? [])];
    const everybody = [...this.collecting, ...asked, ...slow];
    for (const waiter of everybody) {
      if (waiter.deadline <= now) this.fail(waiter, new Problem('unavailable'));
    }
  }
}

function loadedBy({ asked }: Batch, { found }: QueryResult): Loaded {
  const records = [...asked].map(([digest, { first, count }]) => {
    const facts = found.slice(first, first + count).find((each) => each !== undefined);
    return [digest, facts] as const;
  });
  return new Map(records);
}
