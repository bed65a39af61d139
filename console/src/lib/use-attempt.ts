import { useState } from 'react';
import { ApiError } from '../api/client';

/**
 * An Idempotency-Key, the same for each try: when an answer is lost, trying again makes nothing twice.
 *
 * @returns it, and what to call with an error: what was refused is something else the next time
 */
export function useAttempt(): [string, (error: Error) => void] {
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const renew = (error: Error) => {
    const isRefused =
      error instanceof ApiError && [400, 403, 404, 409, 422].includes(error.problem.status);
    if (isRefused) setAttempt(crypto.randomUUID());
  };
  return [attempt, renew];
}
