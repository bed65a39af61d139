import type { AccessFacts } from '../permissions/facts.js';
import type { Change, RecordCache } from './record-cache.js';
import type { Lookup } from './record-reader.js';

/** What a query asks the primary for. */
export interface Question {
  /** The number after which the history is wanted; undefined when it is not. */
  readonly after: number | undefined;
  /** Hashes whose records are wanted. */
  readonly hashes: readonly Buffer[];
}

/**
 * The history after a number, in order; or that it was too long to be sent. The part that was cut off
 * could be rows of a number whose other rows are there: the numbers do not show that.
 */
export type History =
  | { readonly isWhole: true; readonly changes: readonly (Change & { readonly n: number })[] }
  | { readonly isWhole: false };

/** What the primary stores, all from one snapshot. */
export interface QueryResult {
  /** The number of the state. */
  readonly head: number;
  /** The history after `after`; complete and empty if none was asked for. */
  readonly history: History;
  /** For each hash, in order. */
  readonly found: readonly (AccessFacts | undefined)[];
  /** The time on the database's clock when this was its state. */
  readonly now: Date;
  /** Identifies the database: another one has another history. */
  readonly identity: string;
}

/** The state of the cache when a query was sent. */
export interface Stamp {
  readonly applied: number | undefined;
  readonly generation: number;
}

/** Why the cache was dropped. */
export type Reset = 'gap' | 'cut' | 'identity' | 'regression';

/** Records that a query returned, by digest; undefined for an unknown secret. */
export type Loaded = ReadonlyMap<string, AccessFacts | undefined>;

/** How a result relates to the cache: it is of the same state, it is older, or it is of another history. */
type Standing = 'current' | 'late' | 'foreign';

/**
 * The cache together with the state of the store that it belongs to. Results come in any order, and
 * from a database that may have been replaced meanwhile: this class decides what each of them means.
 */
export class FencedRecords {
  /** Incremented when the cache is dropped: the results of earlier queries say nothing about it any more. */
  private generation = 0;
  private identity: string | undefined;
  /** The state that the whole cache belongs to, and the last time at which it was known to be current. */
  private applied: { n: number; now: Date } | undefined;

  constructor(
    private readonly cache: RecordCache,
    private readonly onReset: (reason: Reset) => void,
  ) {}

  /** To be stored with a query that is sent now. */
  get stamp(): Stamp {
    return { applied: this.applied?.n, generation: this.generation };
  }

  has(digest: string): boolean {
    return this.cache.has(digest);
  }

  /** Brings the cache to the state of a result. */
  accept(sent: Stamp, result: QueryResult, loaded: Loaded): Standing {
    if (sent.generation !== this.generation) return 'foreign';
    const { head, identity, now } = result;
    this.identity ??= identity;
    this.applied ??= { n: head, now };
    if (identity !== this.identity) return this.reset('identity', result);
    // The larger number was received before this query was sent.
    if (head < (sent.applied ?? 0)) return this.reset('regression', result);
    if (head < this.applied.n) return 'late';
    if (head > this.applied.n) {
      const changes = changesSince(sent, result);
      if (typeof changes === 'string') return this.reset(changes, result);
      for (const change of changes) {
        if (change.n > this.applied.n) this.cache.apply(change);
      }
    }
    const isLater = now > this.applied.now;
    this.applied = { n: head, now: isLater ? now : this.applied.now };
    for (const [digest, facts] of loaded) {
      if (facts !== undefined) this.cache.store(digest, facts);
    }
    return 'current';
  }

  /**
   * The facts of all look-ups, from one state of the store that is not older than the result, and the
   * time to judge them at. A late result has the time of an earlier state: cached facts are not judged
   * by it.
   *
   * @returns undefined when another query is needed
   */
  read(lookups: readonly Lookup[], result: QueryResult, loaded: Loaded, standing: Standing) {
    const { applied } = this;
    // Looked up again: the result may have shown that a cached record has changed.
    const cached = lookups.map(({ digest }) =>
      standing === 'foreign' ? undefined : this.cache.find(digest),
    );
    if (applied !== undefined && !cached.includes(undefined)) {
      return { facts: cached, authSeq: applied.n, now: applied.now };
    }
    if (result.identity !== this.identity) return undefined;
    // Facts of two states must not meet in one verdict.
    const isKnown = ({ digest }: Lookup, index: number) =>
      loaded.has(digest) || (standing === 'current' && cached[index] !== undefined);
    if (!lookups.every(isKnown)) return undefined;
    // That a secret is unknown is a result, too: the cached record may be of a later state.
    const facts = lookups.map(({ digest }, index) =>
      loaded.has(digest) ? loaded.get(digest) : cached[index],
    );
    return { facts, authSeq: result.head, now: result.now };
  }

  private reset(reason: Reset, { head, identity, now }: QueryResult): 'foreign' {
    this.cache.clear();
    this.generation += 1;
    this.identity = identity;
    this.applied = { n: head, now };
    this.onReset(reason);
    return 'foreign';
  }
}

/** The changes since the state that the query was sent in, if the history continues it without a gap. */
function changesSince({ applied }: Stamp, { history, head }: QueryResult) {
  if (!history.isWhole) return 'cut';
  let last = applied;
  for (const { n } of history.changes) {
    if (last === undefined || n > last + 1) return 'gap';
    last = n;
  }
  return last === head ? history.changes : 'gap';
}
