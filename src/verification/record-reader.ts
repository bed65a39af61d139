import type { AccessFacts } from '../permissions/facts.js';

/** Asks for the record of one secret. */
export interface Lookup {
  /** Stands for the secret within this process. */
  readonly digest: string;
  /** Every hash under which the secret can be stored; only asked for where it is needed. */
  readonly hashes: () => Buffer[];
}

/** The facts that a verdict is made of. */
export interface Reading {
  /** For each look-up; undefined where nobody knows the secret. */
  readonly facts: readonly (AccessFacts | undefined)[];
  /** The number of the state that the facts belong to. */
  readonly authSeq: number;
  /** The time on the database's clock. */
  readonly now: Date;
  /**
   * Refusals wait for it: an unknown key is found out a little sooner than one that is revoked, and
   * nobody is to tell them apart by that.
   */
  readonly settled: Promise<void>;
}

/** Milliseconds from a query until refusals that it led to are told; more than queries take. */
export const refusalDelay = 5;

/**
 * Reads what the store holds at a moment after the call. There are two: one asks for each request,
 * the other remembers. Both give the same facts.
 */
export abstract class RecordReader {
  /**
   * Reads all of these on one state of the store.
   *
   * @throws Problem `unavailable`, or the driver's error, when the store cannot be asked
   */
  abstract read(lookups: readonly Lookup[]): Promise<Reading>;
}
