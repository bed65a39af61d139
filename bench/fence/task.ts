import type { KnownKeys } from '../support/known-keys.js';

export const modes = ['strict', 'direct', 'memory only'] as const;
export type Mode = (typeof modes)[number];

/** Verifications at once; `alone` is one, five milliseconds after the last. */
export const concurrencies = ['alone', 1, 8, 64, 256] as const;
export type Concurrency = (typeof concurrencies)[number];

/** Which of the keys are verified: a thousand of them, or any. */
export const hotKeys = 1_000;
export type KeySet = 'hot' | 'uniform';

export interface FenceTask {
  keys: Pick<KnownKeys, 'databaseUrl' | 'secret' | 'path'>;
  mode: Mode;
  /** Uniform first: then the cache is full when the hot set comes. */
  sets: KeySet[];
  /** Length of each run. */
  seconds: number;
}

export interface FenceRun {
  set: KeySet;
  concurrent: Concurrency;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  queriesPerSecond: number;
  failed: number;
}
