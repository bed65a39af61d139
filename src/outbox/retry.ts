/** Attempts until a delivery has failed, over more than a day. */
export const maxAttempts = 12;

/** Seconds that an attempt may take. What took longer is taken for lost, and tried again. */
export const leaseSeconds = 90;

/** Seconds until a delivery is tried again that was tried this often: doubled each time. */
export function retrySeconds(attempts: number): number {
  return 60 * 2 ** (attempts - 1);
}
