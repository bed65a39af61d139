import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { Secret } from '../lib/secret';
import { answerOf, api, type components } from './client';

type Schemas = components['schemas'];
export type Member = Schemas['Member'];
export type MemberStanding = Schemas['PutMember'];

/** As many as one page of the service holds. */
const most = 100;
const pageSize = 50;

/** What is in the URL of the list of members. */
export interface MemberSearch {
  search?: string;
  role?: Member['role'];
  /** Where the page begins; the first one without it. */
  cursor?: string;
}

/** A page after the first: its cursor has the filters. */
export const membersQuery = (orgId: string, { cursor, ...filters }: MemberSearch) =>
  queryOptions({
    queryKey: ['members', orgId, { cursor, ...filters }],
    queryFn: () => {
      const asked = cursor === undefined ? filters : { cursor };
      const query = { ...asked, limit: pageSize, total: 'true' } as const;
      return answerOf(api.GET('/v1/orgs/{orgId}/members', { params: { path: { orgId }, query } }));
    },
    placeholderData: keepPreviousData,
  });

/** Members that one choice shows; more are found by their name. */
const shownChoices = 20;

/** Members to choose from. */
export const memberChoicesQuery = (orgId: string, search: string) =>
  queryOptions({
    queryKey: ['members', orgId, 'choices', search],
    queryFn: () => {
      const query = { ...(search !== '' && { search }), limit: shownChoices };
      return answerOf(api.GET('/v1/orgs/{orgId}/members', { params: { path: { orgId }, query } }));
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const memberQuery = (orgId: string, userId: string) =>
  queryOptions({
    queryKey: ['members', orgId, 'one', userId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/members/{userId}', { params: { path: { orgId, userId } } }),
      ),
    staleTime: 60_000,
  });

/** What stops working with the keys of a member: the first of them by name, and how many there are. */
export const liveKeysQuery = (orgId: string, userId: string) =>
  queryOptions({
    queryKey: ['keys', orgId, 'of', userId],
    queryFn: async () => {
      const query = { owner: userId, state: 'active', sort: 'name', limit: most } as const;
      const [member, keys] = await Promise.all([
        answerOf(
          api.GET('/v1/orgs/{orgId}/members/{userId}', { params: { path: { orgId, userId } } }),
        ),
        answerOf(api.GET('/v1/orgs/{orgId}/keys', { params: { path: { orgId }, query } })),
      ]);
      return { total: member.activeKeys, items: keys.items };
    },
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

/** Revokes all keys of a member: some with this call, and the others afterwards. */
export const revokeMemberKeys = (orgId: string, userId: string, reason: string) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/members/{userId}/keys/revoke', {
      params: { path: { orgId, userId } },
      body: reason === '' ? {} : { reason },
    }),
  );

/** How many of them are left. */
export const remainingKeys = (orgId: string, userId: string) =>
  answerOf(
    api.GET('/v1/orgs/{orgId}/members/{userId}/keys/revoke', {
      params: { path: { orgId, userId } },
    }),
  );

/** Mails an invitation again. */
export const inviteMember = ({ orgId, userId }: Member) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/members/{userId}/invite', { params: { path: { orgId, userId } } }),
  );

/** A link that signs in as this person, for operators to pass on. */
export async function createSignInLink(userId: string): Promise<Secret> {
  const path = { userId };
  const { link } = await answerOf(
    api.POST('/v1/users/{userId}/sign-in-links', { params: { path } }),
  );
  return new Secret(link);
}
