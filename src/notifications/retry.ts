/** Attempts before a delivery has failed, over more than a day. */
export const maxAttempts = 12;

/** Seconds that an attempt may take. One that takes longer is considered lost, and there is another one. */
export const leaseSeconds = 90;

/** Seconds before the next attempt, after so many: doubled each time. */
export function retrySeconds(attempts: number): number {
  return 60 * 2 ** (attempts - 1);
}
