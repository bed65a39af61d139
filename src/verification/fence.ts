import { Problem } from '../common/errors.js';
import type { Answer, FencedRecords, Loaded, Question, Stamp } from './fenced-records.js';
import { refusalDelay, RecordReader, type Lookup, type Reading } from './record-reader.js';

/** Time as the fence uses it, on the clock of this process: no verdict depends on it. */
export interface Timing {
  /** Milliseconds, never going back. */
  now(): number;
  /** Runs something after so many milliseconds; 0 means after everything that has arrived. */
  later(ms: number, run: () => void): void;
}

export interface FenceOptions {
  readonly ask: (question: Question) => Promise<Answer>;
  readonly records: FencedRecords;
  /** Milliseconds that a request waits at the most. */
  readonly timeout: number;
  readonly timing?: Timing;
}

interface Waiter {
  readonly lookups: readonly Lookup[];
  readonly deadline: number;
  readonly resolve: (reading: Reading) => void;
  readonly reject: (error: unknown) => void;
  isDone: boolean;
}

/** A query, and who waits for it. */
interface Batch {
  readonly waiters: readonly Waiter[];
  readonly sent: Stamp;
  readonly hashes: readonly Buffer[];
  /** Which of the hashes belong to a digest. */
  readonly asked: ReadonlyMap<string, { first: number; count: number }>;
  readonly settled: Promise<void>;
}

const maxWaiters = 10_000;
const maxInFlight = 2;
/** Milliseconds between two queries at the least. */
const spacing = 1;
/** Hashes that one query asks for; further ones wait for the next. */
const maxHashes = 1_000;
/** Milliseconds between looks for those who have waited too long. */
const sweepEvery = 20;

const realTime: Timing = {
  now: () => performance.now(),
  later: (ms, run) => {
    if (ms === 0) setImmediate(run);
    else setTimeout(run, ms);
  },
};

/**
 * Reads records from memory behind a read fence: none that is kept is used before the primary was
 * asked, in a query sent after the request had arrived, what has changed. One query serves all
 * requests that wait for it. docs/revocation.md tells what this promises, and why it holds.
 */
export class Fence extends RecordReader {
  private collecting: Waiter[] = [];
  private readonly inFlight = new Set<Batch>();
  private waiting = 0;
  private isScheduled = false;
  private isSweeping = false;
  private lastSent = -Infinity;
  private readonly timing: Timing;

  constructor(private readonly options: FenceOptions) {
    super();
    this.timing = options.timing ?? realTime;
  }

  read(lookups: readonly Lookup[]): Promise<Reading> {
    if (this.waiting >= maxWaiters) return Promise.reject(new Problem('unavailable'));
    const deadline = this.timing.now() + this.options.timeout;
    this.waiting += 1;
    this.sweepLater();
    return new Promise((resolve, reject) => {
      this.join({ lookups, deadline, resolve, reject, isDone: false });
    });
  }

  /** Only ever a query that has not been sent: what one on its way found may be older than this. */
  private join(waiter: Waiter): void {
    this.collecting.push(waiter);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled || this.collecting.length === 0) return;
    if (this.inFlight.size >= maxInFlight) return;
    this.isScheduled = true;
    const isEarly = this.timing.now() - this.lastSent < spacing;
    this.timing.later(isEarly ? spacing : 0, () => {
      this.isScheduled = false;
      this.send();
      this.schedule();
    });
  }

  private send(): void {
    const batch = this.nextBatch();
    if (batch.waiters.length === 0) return;
    this.lastSent = this.timing.now();
    this.inFlight.add(batch);
    const { hashes, sent, waiters } = batch;
    this.options.ask({ after: sent.applied, hashes }).then(
      (answer) => {
        this.inFlight.delete(batch);
        this.receive(batch, answer);
        this.schedule();
      },
      (error: unknown) => {
        this.inFlight.delete(batch);
        for (const waiter of waiters) this.fail(waiter, error);
        this.schedule();
      },
    );
  }

  private nextBatch(): Batch {
    const waiters: Waiter[] = [];
    const hashes: Buffer[] = [];
    const asked = new Map<string, { first: number; count: number }>();
    let taken = 0;
    for (const waiter of this.collecting) {
      if (hashes.length >= maxHashes) break;
      taken += 1;
      if (waiter.isDone) continue;
      waiters.push(waiter);
      for (const lookup of waiter.lookups) {
        if (asked.has(lookup.digest) || this.options.records.has(lookup.digest)) continue;
        const candidates = lookup.hashes();
        asked.set(lookup.digest, { first: hashes.length, count: candidates.length });
        hashes.push(...candidates);
      }
    }
    this.collecting = this.collecting.slice(taken);
    const settled = new Promise<void>((resolve) => {
      this.timing.later(refusalDelay, resolve);
    });
    return { waiters, sent: this.options.records.stamp, hashes, asked, settled };
  }

  /** Applies an answer, and decides everybody who waits for it in the same tick. */
  private receive(batch: Batch, answer: Answer): void {
    const { records } = this.options;
    const loaded = loadedBy(batch, answer);
    const standing = records.accept(batch.sent, answer, loaded);
    for (const waiter of batch.waiters) {
      if (waiter.isDone) continue;
      const found = records.read(waiter.lookups, answer, loaded, standing);
      if (found === undefined) {
        this.join(waiter);
        continue;
      }
      this.end(waiter);
      waiter.resolve({ ...found, now: answer.now, settled: batch.settled });
    }
  }

  private fail(waiter: Waiter, error: unknown): void {
    if (waiter.isDone) return;
    this.end(waiter);
    waiter.reject(error);
  }

  private end(waiter: Waiter): void {
    waiter.isDone = true;
    this.waiting -= 1;
  }

  private sweepLater(): void {
    if (this.isSweeping) return;
    this.isSweeping = true;
    this.timing.later(sweepEvery, () => {
      // An answer that has arrived on a busy process is read first.
      this.timing.later(0, () => {
        this.isSweeping = false;
        this.sweep();
        if (this.waiting > 0) this.sweepLater();
      });
    });
  }

  /** Ends those who have waited for too long. Their query may still be answered, for nobody. */
  private sweep(): void {
    const now = this.timing.now();
    const everybody = [this.collecting, ...[...this.inFlight].map(({ waiters }) => waiters)].flat();
    for (const waiter of everybody) {
      if (waiter.deadline <= now) this.fail(waiter, new Problem('unavailable'));
    }
  }
}

function loadedBy({ asked }: Batch, { found }: Answer): Loaded {
  const records = [...asked].map(([digest, { first, count }]) => {
    const facts = found.slice(first, first + count).find((each) => each !== undefined);
    return [digest, facts] as const;
  });
  return new Map(records);
}
