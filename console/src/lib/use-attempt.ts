import { useState } from 'react';
import { ApiError } from '../api/client';

/**
 * An Idempotency-Key, the same for each attempt: when a response is lost, a retry creates nothing twice.
 *
 * @returns it, and what to call with an error: what was refused is something else the next time
 */
export function useAttempt(): [string, (error: Error) => void] {
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const renew = (error: Error) => {
    if (!(error instanceof ApiError)) return;
    const { status, code } = error.problem;
    // Of one that still runs it is not known what comes of it.
    const isOpen = code === 'idempotency_in_progress';
    if ([400, 403, 404, 409, 422].includes(status) && !isOpen) setAttempt(crypto.randomUUID());
  };
  return [attempt, renew];
}
