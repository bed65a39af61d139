import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api, type components, type CreateKey } from './client';

/** What the list of keys is narrowed to; it stands in the URL. */
export interface KeySearch {
  search?: string;
  state?: 'active' | 'expired' | 'revoked';
  sort?: 'created' | 'name' | 'expires';
  order?: 'asc' | 'desc';
  /** Where the page begins; the first one without it. */
  cursor?: string;
}

export type ChangeKey = components['schemas']['ChangeKey'];

export const pageSize = 25;

export const keysQuery = (orgId: string, query: KeySearch) =>
  queryOptions({
    queryKey: ['keys', orgId, query],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/keys', {
          params: { path: { orgId }, query: { ...query, limit: pageSize } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

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
  );

export const revokeKey = (orgId: string, keyId: string, reason: string) =>
  answerOf(
    api.DELETE('/v1/orgs/{orgId}/keys/{keyId}', {
      params: { path: { orgId, keyId }, query: reason === '' ? {} : { reason } },
    }),
  );

/** Renames a key, or narrows it. */
export const changeKey = (orgId: string, keyId: string, body: ChangeKey) =>
  answerOf(
    api.PATCH('/v1/orgs/{orgId}/keys/{keyId}', { params: { path: { orgId, keyId } }, body }),
  );

/** What a pasted key is, as it tells itself. Nothing of it is kept. @throws ApiError when it is not good */
export const askKey = (secret: string) =>
  answerOf(
    api.GET('/v1/whoami', {
      headers: { authorization: `Bearer ${secret}` },
      credentials: 'omit',
    }),
  );
