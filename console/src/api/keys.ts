import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { sealed } from '../lib/secret';
import { answerOf, api, type components, type CreateKey, type Key, type paths } from './client';

/** Days that filters of the list of keys have to choose from. */
export const dayChoices = { age: [7, 30, 90, 365], expires: [7, 30, 90], unused: [30, 90, 180] };

/** The filters of the list of keys. They are in the URL. */
export interface KeySearch {
  search?: string;
  /** Active ones without it. */
  state?: 'expired' | 'revoked' | 'all';
  /** The member that they belong to. */
  owner?: string;
  scope?: Key['scope'];
  tag?: string;
  /** Only keys that are at most so many days old; with a minus, at least. */
  age?: number;
  /** Only keys that expire within so many days. */
  expires?: number;
  /** Only keys that nobody has used for so many days. */
  unused?: number;
  /** The key that created them. */
  createdBy?: string;
  sort?: 'created' | 'name' | 'expires' | 'lastUsed';
  order?: 'asc' | 'desc';
  /** Where the page begins; the first one without it. */
  cursor?: string;
}

export type ChangeKey = components['schemas']['ChangeKey'];

const pageSize = 25;

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

type Filters = NonNullable<paths['/v1/orgs/{orgId}/keys.csv']['get']['parameters']['query']>;

/** The filters, as the service takes them. */
function filtersOf(given: KeySearch): Filters {
  const { search, state = 'active', owner, scope, tag, createdBy, age, expires, unused } = given;
  return {
    search,
    state: state === 'all' ? undefined : state,
    owner,
    scope,
    tag,
    createdBy,
    createdAfter: age !== undefined && age > 0 ? daysAgo(age) : undefined,
    createdBefore: age !== undefined && age < 0 ? daysAgo(-age) : undefined,
    expiresBefore: expires === undefined ? undefined : daysAgo(-expires),
    lastUsedBefore: unused === undefined ? undefined : daysAgo(unused),
  };
}

/** A page after the first: its cursor has the filters, with the instants that they meant then. */
const askedOf = ({ cursor, sort, order, ...filters }: KeySearch) =>
  cursor === undefined ? { ...filtersOf(filters), sort, order } : { cursor };

/** Where all keys that match are to be had as a file. */
export function csvPath(orgId: string, search: KeySearch): string {
  // Without those that are undefined, which URLSearchParams would write out.
  const given = JSON.parse(JSON.stringify(filtersOf(search))) as Record<string, string>;
  return `/v1/orgs/${orgId}/keys.csv?${new URLSearchParams(given).toString()}`;
}

export const keysQuery = (orgId: string, query: KeySearch) =>
  queryOptions({
    queryKey: ['keys', orgId, query],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/keys', {
          params: {
            path: { orgId },
            query: { ...askedOf(query), limit: pageSize },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** How many keys match. Counting takes longer than a page does, which is the same for all pages. */
export const keyTotalQuery = (orgId: string, search: KeySearch) => {
  const filters = { ...search, cursor: undefined, sort: undefined, order: undefined };
  return queryOptions({
    queryKey: ['keys', orgId, 'total', filters],
    queryFn: async () => {
      const query = { ...filtersOf(filters), limit: 1, total: 'true' } as const;
      const path = { orgId };
      const page = await answerOf(api.GET('/v1/orgs/{orgId}/keys', { params: { path, query } }));
      return page.total;
    },
    refetchInterval: 15_000,
  });
};

export const keyQuery = (orgId: string, keyId: string) =>
  queryOptions({
    queryKey: ['key', orgId, keyId],
    queryFn: () =>
      answerOf(api.GET('/v1/orgs/{orgId}/keys/{keyId}', { params: { path: { orgId, keyId } } })),
    refetchInterval: 15_000,
  });

export const usageQuery = (orgId: string, keyId: string) =>
  queryOptions({
    queryKey: ['usage', orgId, keyId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/keys/{keyId}/usage', { params: { path: { orgId, keyId } } }),
      ),
  });

export const policyQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['policy', orgId],
    queryFn: () => answerOf(api.GET('/v1/orgs/{orgId}/policy', { params: { path: { orgId } } })),
    staleTime: 60_000,
  });

/** @param attempt names this creation: the same one again makes no further key */
export const createKey = (orgId: string, body: CreateKey, attempt: string) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/keys', {
      params: { path: { orgId }, header: { 'Idempotency-Key': attempt } },
      body,
    }),
  ).then(sealed);

/** Live keys that a revoked key had created. */
export type CreatedKeys = Awaited<ReturnType<typeof revokeKey>>['createdKeys'];

export const revokeKey = (orgId: string, keyId: string, reason: string) =>
  answerOf(
    api.DELETE('/v1/orgs/{orgId}/keys/{keyId}', {
      params: { path: { orgId, keyId }, query: reason === '' ? {} : { reason } },
    }),
  );

/** As many as one call revokes. */
export const mostRevoked = 500;

/** Revokes some keys in one call, and says of each what came of it. */
export const revokeKeys = (orgId: string, keyIds: string[], reason: string) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/keys/revoke', {
      params: { path: { orgId } },
      body: { keyIds, ...(reason !== '' && { reason }) },
    }),
  );

/** Renames a key, describes it, or restricts it. */
export const changeKey = (orgId: string, keyId: string, body: ChangeKey) =>
  answerOf(
    api.PATCH('/v1/orgs/{orgId}/keys/{keyId}', { params: { path: { orgId, keyId } }, body }),
  );

/** What whoami says of a pasted key. Nothing of it is stored. @throws ApiError when the key is not valid */
export const askKey = (secret: string) =>
  answerOf(
    api.GET('/v1/whoami', {
      headers: { authorization: `Bearer ${secret}` },
      credentials: 'omit',
    }),
  );
