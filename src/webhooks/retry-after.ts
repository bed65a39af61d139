/** The longest time in seconds by which a receiver can delay a retry. */
const longest = 3_600;

/**
 * Seconds after which a receiver wants the next attempt, from its `Retry-After` (RFC 9110, 10.2.3).
 *
 * @returns 0 if it is missing or cannot be read
 */
export function retryAfterSeconds(value: string | undefined, now: Date): number {
  if (value === undefined) return 0;
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : /^\w{3}, .* GMT$/.test(value)
      ? (Date.parse(value) - now.getTime()) / 1_000
      : 0;
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), longest);
}
