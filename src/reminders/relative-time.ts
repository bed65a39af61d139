const units = [
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const words = new Intl.RelativeTimeFormat('en');

/**
 * The time until or since an instant, in words: "in 6 days", "in 30 hours", "3 days ago".
 *
 * Days from two on, because "in 1 day" would be too vague. Rounded down, except that a twenty-fourth of
 * the unit may be missing: a mail that is due six days before is sent a moment later.
 *
 * @param ms milliseconds from now to the instant, negative when it is over
 */
export function relativeTime(ms: number): string {
  const distance = Math.abs(ms);
  for (const [unit, length] of units) {
    const count = Math.floor(distance / length + 1 / 24);
    if (count >= (unit === 'day' ? 2 : 1)) return words.format(Math.sign(ms) * count, unit);
  }
  return ms > 0 ? 'in less than a minute' : 'just now';
}
