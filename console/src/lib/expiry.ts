import type { CreateKey, Policy } from '../api/client';

/** What a new key's expiry can be chosen from; numbers are days. */
export type ExpiryChoice = '30' | '90' | '180' | '365' | 'date' | 'never';

const names: Record<ExpiryChoice, string> = {
  '30': '30 days',
  '90': '90 days (recommended)',
  '180': '180 days',
  '365': '1 year',
  date: 'Until a day of your choice',
  never: 'Never',
};

type Limits = Pick<Policy, 'maxLifetimeDays' | 'allowNoExpiry' | 'defaultExpiryDays'>;

/** The choices that the policy of the organisation allows. */
export function choicesOf({ maxLifetimeDays, allowNoExpiry }: Limits) {
  return (Object.keys(names) as ExpiryChoice[])
    .filter((choice) => {
      if (choice === 'never') return allowNoExpiry;
      return choice === 'date' || Number(choice) <= maxLifetimeDays;
    })
    .map((value) => ({ value, label: names[value] }));
}

/** What stands there at first: 90 days, or what comes closest to it within the policy. */
export function firstChoice(limits: Limits): ExpiryChoice {
  if (limits.maxLifetimeDays >= 90) return '90';
  return limits.maxLifetimeDays >= 30 ? '30' : 'date';
}

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
