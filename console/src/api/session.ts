import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import {
  answerOf,
  api,
  ApiError,
  isNotFound,
  type components,
  type Session,
  type Standing,
} from './client';
import { orgQuery } from './orgs';

/** How people sign in. */
export const signInQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: () => answerOf(api.GET('/v1/sign-in')),
});

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await answerOf(api.GET('/v1/session'));
    } catch (error) {
      if (error instanceof ApiError && error.hasSessionEnded) return null;
      throw error;
    }
  },
  staleTime: 30_000,
});

export type OwnSession = components['schemas']['OwnSessions']['items'][number];

/** Where the person is signed in. */
export const ownSessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => answerOf(api.GET('/v1/sessions')),
  staleTime: 0,
});

export const endSession = (sessionId: string) =>
  answerOf(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId } } }));

/** Below the pages that only a person who is signed in gets to see. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (data === null) throw new ApiError({ status: 401, title: 'The session has ended.' });
  return data;
}

/** What an operator is in every organisation, by what they are in that of the operators. */
export function useOperator(): Standing | undefined {
  return useSession().organisations.find(({ permissions }) => permissions.includes('orgs:read'));
}

/**
 * What the person is in an organisation. Operators act as managers in each.
 *
 * @returns null when it is none of theirs, undefined until that is known
 */
export function useStanding(orgId: string | undefined): Standing | null | undefined {
  const own = useSession().organisations.find(({ id }) => id === orgId);
  const operator = useOperator();
  const isForeign =
    orgId !== undefined &&
    own === undefined &&
    (operator?.permissions.includes('orgs:admin') ?? false);
  const foreign = useQuery({
    ...orgQuery(orgId ?? ''),
    enabled: isForeign,
    throwOnError: (error) => !isNotFound(error),
  });
  if (own !== undefined) return own;
  if (orgId === undefined || operator === undefined || !isForeign || foreign.error) return null;
  if (foreign.data === undefined) return undefined;
  const { name, kind, status, grants } = foreign.data;
  const managed = operator.permissions.filter((each) => !/^(orgs|users|verify):/.test(each));
  const permissions = [...managed, ...grants];
  return { ...operator, id: orgId, name, kind, status, permissions };
}
