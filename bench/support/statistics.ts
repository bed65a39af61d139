/** The value below which this share of the values lies (nearest rank). */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

/** How the means of two samples differ. */
interface Difference {
  /** Mean of the first less that of the second. */
  difference: number;
  /** Standard error of the difference. */
  error: number;
  /** Welch's t: the difference in standard errors, for samples whose variances differ. */
  t: number;
}

export function welch(first: readonly number[], second: readonly number[]): Difference {
  const a = momentsOf(first);
  const b = momentsOf(second);
  const difference = a.mean - b.mean;
  const error = Math.sqrt(a.variance / first.length + b.variance / second.length);
  return { difference, error, t: difference / error };
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts the items into a random order, in place (Fisher–Yates). */
export function shuffle<T>(items: T[], random: () => number): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
