import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';
import { sessionQuery } from './session';

/** A session that has ended takes all that was seen in it along; the router then asks to sign in. */
function onError(error: Error): void {
  if (!(error instanceof ApiError) || !error.hasSessionEnded) return;
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  queries.setQueryData(sessionQuery.queryKey, null);
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // What the service has refused it would refuse again.
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.problem.status < 500),
      staleTime: 5_000,
    },
    mutations: { gcTime: 0 },
  },
});
