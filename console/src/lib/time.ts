const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "in 90 days", "3 hours ago": in the nearest whole unit, so that a key for 90 days has 90 days. */
export function relativeTime(at: Date, now: Date, locale?: string): string {
  const ms = at.getTime() - now.getTime();
  const far = Math.abs(ms);
  const say = (size: number, unit: Intl.RelativeTimeFormatUnit, numeric: 'auto' | 'always') =>
    new Intl.RelativeTimeFormat(locale, { numeric }).format(Math.round(ms / size), unit);
  if (far < minute) return say(Infinity, 'second', 'auto');
  if (far < 59.5 * minute) return say(minute, 'minute', 'always');
  if (far < 23.5 * hour) return say(hour, 'hour', 'always');
  // Days are counted up to four months: that is what people plan in.
  if (far < 120 * day) return say(day, 'day', 'auto');
  return far < 350 * day ? say(30.4 * day, 'month', 'always') : say(365 * day, 'year', 'always');
}

/** A day, as people of this locale write it. */
export const shownDate = (at: Date) =>
  at.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

/** To the second, in UTC: what logs and other people say. */
export const shownInstant = (at: Date) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

interface Life {
  createdAt: string;
  expiresAt: string;
}

/**
 * How close an expiry is: within a week it is time to act, within a month to plan. A key that was made
 * for a short time is not urgent before half of it is over.
 */
export function urgency({ createdAt, expiresAt }: Life, now: Date): 'soon' | 'near' | 'far' {
  const end = new Date(expiresAt).getTime();
  const left = end - now.getTime();
  if (left > (end - new Date(createdAt).getTime()) / 2) return 'far';
  if (left <= 7 * day) return 'soon';
  return left <= 30 * day ? 'near' : 'far';
}

/** Whether a key was used within the last 24 hours. */
export const isInUse = (lastUsedAt: Date, now: Date) => now.getTime() - lastUsedAt.getTime() < day;
