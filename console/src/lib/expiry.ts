import type { CreateKey, Policy } from '../api/client';

/** What a new key's expiry can be chosen from; numbers are days. */
export type ExpiryChoice = `${number}` | 'date' | 'never';

const presets = [30, 90, 180, 365];

function nameOf(days: number): string {
  if (days === 365) return '1 year';
  const name = days === 1 ? '1 day' : `${days} days`;
  return days === 90 ? `${name} (recommended)` : name;
}

type Limits = Pick<Policy, 'maxLifetimeDays' | 'allowNoExpiry' | 'defaultExpiryDays'>;

/** The choices that the policy of the organisation allows, its default among them. */
export function choicesOf({ maxLifetimeDays, allowNoExpiry, defaultExpiryDays }: Limits) {
  const days = [...new Set([...presets, defaultExpiryDays])]
    .filter((each) => each <= maxLifetimeDays)
    .sort((a, b) => a - b);
  return [
    ...days.map((each) => ({ value: `${each}`, label: nameOf(each) })),
    { value: 'date', label: 'Custom date' },
    ...(allowNoExpiry ? [{ value: 'never', label: 'Never' }] : []),
  ];
}

/** What stands there at first. */
export const firstChoice = (limits: Limits): ExpiryChoice => `${limits.defaultExpiryDays}`;

/** The choice, as the service takes it. */
export function toExpiry(
  choice: ExpiryChoice,
  date: string,
): Pick<CreateKey, 'expiresAt' | 'expiresInDays'> {
  if (choice === 'never') return { expiresAt: null };
  if (choice === 'date') return { expiresAt: date };
  return { expiresInDays: Number(choice) };
}

/** A day as date fields take it, so many days from now, in UTC as the service counts. */
export const dayFromNow = (days: number, now: Date) =>
  new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
