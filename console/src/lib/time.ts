const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const steps: [number, Intl.RelativeTimeFormatUnit][] = [
  [365 * day, 'year'],
  [30 * day, 'month'],
  [day, 'day'],
  [hour, 'hour'],
  [minute, 'minute'],
];

/** "in 6 days", "3 hours ago": in whole units, rounded towards now, so that nothing seems farther than it is. */
export function relativeTime(at: Date, now: Date, locale?: string): string {
  const ms = at.getTime() - now.getTime();
  // Days are counted up to four months: that is what people plan in.
  const [size, unit] = steps.find(([each, name]) =>
    name === 'month' ? Math.abs(ms) >= 120 * day : Math.abs(ms) >= each,
  ) ?? [minute, 'minute'];
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return Math.abs(ms) < minute
    ? format.format(0, 'second')
    : format.format(Math.trunc(ms / size), unit);
}

/** A day, as people of this locale write it. */
export const shownDate = (at: Date) =>
  at.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

/** To the second, in UTC: what logs and other people say. */
export const shownInstant = (at: Date) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** How close an expiry is: within a week it is time to act, within a month to plan. */
export function urgency(expiresAt: Date, now: Date): 'over' | 'soon' | 'near' | 'far' {
  const ms = expiresAt.getTime() - now.getTime();
  if (ms <= 0) return 'over';
  if (ms <= 7 * day) return 'soon';
  return ms <= 30 * day ? 'near' : 'far';
}

/** Whether a key was used within the last 24 hours. */
export const isInUse = (lastUsedAt: Date, now: Date) => now.getTime() - lastUsedAt.getTime() < day;
