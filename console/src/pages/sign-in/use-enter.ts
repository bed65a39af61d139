import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '../../api/client';
import { sessionQuery } from '../../api/session';

/** Lets somebody who has signed in go on to where they wanted. */
export function useEnter(): (session: Session, back: string | undefined) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (session, back) => {
    client.setQueryData(sessionQuery.queryKey, session);
    await navigate({ href: back ?? '/', replace: true });
  };
}
