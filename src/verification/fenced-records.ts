import type { AccessFacts } from '../permissions/facts.js';
import type { Change, RecordCache } from './record-cache.js';
import type { Lookup } from './record-reader.js';

/** What a query asks of the primary. */
export interface Question {
  /** The number behind which the history is wanted; undefined when it is not. */
  readonly after: number | undefined;
  /** Hashes whose records are wanted. */
  readonly hashes: readonly Buffer[];
}

/** What the primary holds, all of it on one snapshot. */
export interface Answer {
  /** The number of the state. */
  readonly head: number;
  /** The history behind `after`, in order. Not all of it where it is very long. */
  readonly log: readonly (Change & { readonly n: number })[];
  /** For each hash, in order. */
  readonly found: readonly (AccessFacts | undefined)[];
  /** The time on the database's clock. */
  readonly now: Date;
  /** Which database this is: another one has another history. */
  readonly identity: string;
}

/** The state that the cache was in when a query was sent. */
export interface Stamp {
  readonly applied: number | undefined;
  readonly generation: number;
}

/** Why the cache was given up. */
export const resets = ['gap', 'identity', 'regression'] as const;
export type Reset = (typeof resets)[number];

/** Records that a query brought, by digest; undefined where nobody knows the secret. */
export type Loaded = ReadonlyMap<string, AccessFacts | undefined>;

/** What an answer says about the cache: they are of one state, it is older, or nothing. */
export type Standing = 'current' | 'late' | 'foreign';

/**
 * The cache together with the state of the store that it belongs to. Answers come in any order, and
 * from a database that may have been replaced meanwhile: here it is decided what each of them means.
 */
export class FencedRecords {
  /** Raised when the cache is given up: what was asked before says nothing about it any more. */
  private generation = 0;
  private identity: string | undefined;
  /** The number of the state that the whole cache belongs to. */
  private applied: number | undefined;

  constructor(
    private readonly cache: RecordCache,
    private readonly onReset: (reason: Reset) => void,
  ) {}

  /** To be kept with a query that is sent now. */
  get stamp(): Stamp {
    return { applied: this.applied, generation: this.generation };
  }

  has(digest: string): boolean {
    return this.cache.has(digest);
  }

  /** Brings the cache to the state that an answer tells of. */
  accept(sent: Stamp, answer: Answer, loaded: Loaded): Standing {
    if (sent.generation !== this.generation) return 'foreign';
    const { head, identity } = answer;
    this.identity ??= identity;
    this.applied ??= head;
    if (identity !== this.identity) return this.reset('identity', answer);
    // The larger number had been received before this query was sent.
    if (head < (sent.applied ?? 0)) return this.reset('regression', answer);
    if (head < this.applied) return 'late';
    if (head > this.applied) {
      if (!isUnbroken(sent, answer)) return this.reset('gap', answer);
      for (const change of answer.log) {
        if (change.n > this.applied) this.cache.apply(change);
      }
      this.applied = head;
    }
    for (const [digest, facts] of loaded) {
      if (facts !== undefined) this.cache.keep(digest, facts);
    }
    return 'current';
  }

  /**
   * The facts of all look-ups, on one state of the store that is not older than the answer.
   *
   * @returns undefined when another query has to be asked
   */
  read(lookups: readonly Lookup[], answer: Answer, loaded: Loaded, standing: Standing) {
    // Looked up again: the answer may have told that what was kept has changed.
    const kept = lookups.map(({ digest }) =>
      standing === 'foreign' ? undefined : this.cache.find(digest),
    );
    if (!kept.includes(undefined)) return { facts: kept, authSeq: this.applied ?? answer.head };
    if (answer.identity !== this.identity) return undefined;
    // Facts of two states must not meet in one verdict.
    const isKnown = ({ digest }: Lookup, index: number) =>
      loaded.has(digest) || (standing === 'current' && kept[index] !== undefined);
    if (!lookups.every(isKnown)) return undefined;
    // That nobody knows a secret is an answer, too: what is kept may be of a later state.
    const facts = lookups.map(({ digest }, index) =>
      loaded.has(digest) ? loaded.get(digest) : kept[index],
    );
    return { facts, authSeq: answer.head };
  }

  private reset(reason: Reset, { head, identity }: Answer): 'foreign' {
    this.cache.clear();
    this.generation += 1;
    this.identity = identity;
    this.applied = head;
    this.onReset(reason);
    return 'foreign';
  }
}

/** Whether the history leads from the state the query was sent in to the one it found, unbroken. */
function isUnbroken({ applied }: Stamp, { log, head }: Answer): boolean {
  let last = applied;
  for (const { n } of log) {
    if (last === undefined || n > last + 1) return false;
    last = n;
  }
  return last === head;
}
