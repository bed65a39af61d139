import type { AccessFacts } from '../permissions/facts.js';

/** The look-up of one secret. */
export interface Lookup {
  /** Identifies the secret within this process. */
  readonly digest: string;
  /** Every hash under which the secret can be stored; computed only when needed. */
  readonly hashes: () => Buffer[];
}

/** The facts for a verdict. */
export interface Reading {
  /** For each look-up; undefined for an unknown secret. */
  readonly facts: readonly (AccessFacts | undefined)[];
  /** The number of the state that the facts belong to. */
  readonly authSeq: number;
  /** The time on the database's clock. */
  readonly now: Date;
  /**
   * Refusals wait for it: an unknown key is found a little faster than a revoked one, and the time must
   * not show the difference.
   */
  readonly settled: Promise<void>;
}

/** Milliseconds from a query until its refusals are sent; longer than queries take. */
export const refusalDelay = 5;

/** Called once, with one of both. It does not throw: others wait for the same result. */
export interface Waiting<T> {
  done(result: T): void;
  /** @param error Problem `unavailable`, or the driver's error, when the store cannot be asked */
  failed(error: unknown): void;
}

/**
 * Reads what the store holds at a moment after the call. There are two: one asks for each request, the
 * other has a cache. Both return the same facts. A promise for each request would cost more than most
 * of what happens in between.
 */
export abstract class RecordReader {
  /** Reads all of these from one state of the store. */
  abstract read(lookups: readonly Lookup[], waiting: Waiting<Reading>): void;
}
