import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api, type components, type Policy } from './client';

type Schemas = components['schemas'];
export type Org = Schemas['Org'];

export const orgQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['org', orgId],
    queryFn: () => answerOf(api.GET('/v1/orgs/{orgId}', { params: { path: { orgId } } })),
  });

/** All organisations, for operators. */
export const orgsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['orgs', cursor],
    queryFn: () => answerOf(api.GET('/v1/orgs', { params: { query: { cursor, limit: 50 } } })),
    placeholderData: keepPreviousData,
  });

export const createOrg = (body: Schemas['CreateOrg'], attempt: string) =>
  answerOf(api.POST('/v1/orgs', { params: { header: { 'Idempotency-Key': attempt } }, body }));

export const renameOrg = (orgId: string, name: string) =>
  answerOf(api.PATCH('/v1/orgs/{orgId}', { params: { path: { orgId } }, body: { name } }));

/** What managers decide; the bounds are for operators. */
export type KeyRules = Omit<Policy, 'bounds'>;

export const changePolicy = (orgId: string, body: KeyRules) =>
  answerOf(api.PATCH('/v1/orgs/{orgId}/policy', { params: { path: { orgId } }, body }));

/** Sets how many live keys there may be. */
export const setBounds = (orgId: string, body: Policy['bounds']) =>
  answerOf(api.PUT('/v1/orgs/{orgId}/bounds', { params: { path: { orgId } }, body }));

/** Sets the data permissions of an organisation. Its keys follow at once. */
export const setGrants = (orgId: string, grants: string[]) =>
  answerOf(api.PUT('/v1/orgs/{orgId}/grants', { params: { path: { orgId } }, body: { grants } }));

export const suspendOrg = (orgId: string) =>
  answerOf(api.POST('/v1/orgs/{orgId}/suspend', { params: { path: { orgId } } }));

export const resumeOrg = (orgId: string) =>
  answerOf(api.POST('/v1/orgs/{orgId}/resume', { params: { path: { orgId } } }));
