import { queryOptions } from '@tanstack/react-query';
import type { Day } from '../components/day-chart';
import { answerOf, api, type components, type Key, type paths } from './client';

/** What the overview says of the keys of an organisation. */
export interface Summary {
  counts: components['schemas']['KeySummary'];
  /** The first active keys to expire. */
  expiring: Key[];
  /** The active keys that were not used for longest. */
  unused: Key[];
  /** Active keys, the last used first. */
  used: Key[];
}

const day = 86_400_000;
/** As the service counts: a key that nobody has used for so long may be forgotten. */
export const unusedDays = 90;
/** As the service counts, too. */
export const expiringDays = 30;

/** Keys that the overview names; more are counted. */
const mostNamed = 5;
/** Keys whose requests are added up, at most: each is a request of its own. */
export const mostCharted = 10;

const countsOf = (orgId: string) =>
  answerOf(api.GET('/v1/orgs/{orgId}/keys/summary', { params: { path: { orgId } } }));

export const countsQuery = (orgId: string) =>
  queryOptions({ queryKey: ['keys', orgId, 'counts'], queryFn: () => countsOf(orgId) });

type Asked = NonNullable<paths['/v1/orgs/{orgId}/keys']['get']['parameters']['query']>;

const activeKeys = async (orgId: string, asked: Asked): Promise<Key[]> => {
  const query = { state: 'active', ...asked } as const;
  const call = api.GET('/v1/orgs/{orgId}/keys', { params: { path: { orgId }, query } });
  return (await answerOf(call)).items;
};

async function summaryOf(orgId: string): Promise<Summary> {
  const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
  const [counts, expiring, unused, used] = await Promise.all([
    countsOf(orgId),
    activeKeys(orgId, { sort: 'expires', expiresBefore: inDays(expiringDays), limit: mostNamed }),
    activeKeys(orgId, {
      sort: 'lastUsed',
      order: 'asc',
      lastUsedBefore: inDays(-unusedDays),
      limit: mostNamed,
    }),
    // One more shows that there are others.
    activeKeys(orgId, { sort: 'lastUsed', limit: mostCharted + 1 }),
  ]);
  return { counts, expiring, unused, used: used.filter(({ lastUsedAt }) => lastUsedAt !== null) };
}

export const summaryQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['keys', orgId, 'summary'],
    queryFn: () => summaryOf(orgId),
    refetchInterval: 60_000,
  });

/** Requests a day of some keys together. */
export const requestsQuery = (orgId: string, keyIds: string[]) =>
  queryOptions({
    queryKey: ['usage', orgId, 'of', keyIds],
    queryFn: async (): Promise<Day[]> => {
      const usages = await Promise.all(
        keyIds.map((keyId) =>
          answerOf(
            api.GET('/v1/orgs/{orgId}/keys/{keyId}/usage', { params: { path: { orgId, keyId } } }),
          ),
        ),
      );
      const sums = new Map<string, number>();
      for (const { day: date, uses } of usages.flatMap(({ days }) => days)) {
        sums.set(date, (sums.get(date) ?? 0) + uses);
      }
      return [...sums].map(([date, uses]) => ({ day: date, uses })).sort(byDay);
    },
  });

const byDay = (a: Day, b: Day) => (a.day < b.day ? -1 : 1);
