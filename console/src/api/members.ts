import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api, type components } from './client';

type Schemas = components['schemas'];
export type Member = Schemas['Member'];
export type MemberStanding = Schemas['PutMember'];

/** As many as one page of the service holds. */
const most = 100;

export const membersQuery = (orgId: string, cursor?: string) =>
  queryOptions({
    queryKey: ['members', orgId, cursor],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/members', {
          params: { path: { orgId }, query: { cursor, limit: most } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** Live keys of a member: what stops working when they are removed. */
export const liveKeysQuery = (orgId: string, userId: string) =>
  queryOptions({
    queryKey: ['keys', orgId, 'of', userId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/keys', {
          params: {
            path: { orgId },
            query: { owner: userId, state: 'active', sort: 'name', limit: most },
          },
        }),
      ),
    staleTime: 0,
  });

export const addMember = (orgId: string, body: Schemas['AddMember'], attempt: string) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/members', {
      params: { path: { orgId }, header: { 'Idempotency-Key': attempt } },
      body,
    }),
  );

export const addServiceAccount = (
  orgId: string,
  body: Schemas['AddServiceAccount'],
  attempt: string,
) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/service-accounts', {
      params: { path: { orgId }, header: { 'Idempotency-Key': attempt } },
      body,
    }),
  );

export const putMember = (orgId: string, userId: string, body: MemberStanding) =>
  answerOf(
    api.PUT('/v1/orgs/{orgId}/members/{userId}', { params: { path: { orgId, userId } }, body }),
  );

export const removeMember = (orgId: string, userId: string) =>
  answerOf(
    api.DELETE('/v1/orgs/{orgId}/members/{userId}', { params: { path: { orgId, userId } } }),
  );
