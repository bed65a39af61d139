/** Rows that one transaction changes: as many as all others can be made to wait for. */
export const mostKeys = 50;

/** In a smaller one, most of the time would be the commit itself: others would wait longer, not less. */
const fewestKeys = 25;

/** Milliseconds that a batch may hold the head's lock, which all changes wait for. */
const budgetMs = 10;

/**
 * How many keys the next batch revokes.
 *
 * @param size keys of the last one
 * @param tookMs how long that one held the head's lock
 */
export function batchSize(size: number, tookMs: number): number {
  const fitting = Math.floor((size * budgetMs) / Math.max(tookMs, 0.1));
  return Math.min(Math.max(fitting, fewestKeys), mostKeys);
}
