import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answerOf, api, ApiError, type Session, type Standing } from './client';

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

/** Below the pages that only a person who is signed in gets to see. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (data === null) throw new ApiError({ status: 401, title: 'The session has ended.' });
  return data;
}

/** What the person is in an organisation; undefined when nothing. */
export function useStanding(orgId: string): Standing | undefined {
  return useSession().organisations.find(({ id }) => id === orgId);
}
