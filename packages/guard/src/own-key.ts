import { KeyfenceError } from './errors.js';
import type { Whoami } from './keyfence.js';

const dayMs = 24 * 3_600_000;
/** From so long before its end on, the service is warned of it, once a day. */
const warnedMs = 14 * dayMs;
const waitMs = 1_000;

/** What the service can do about a key of its own that Keyfence refuses. */
export function ofOwnKey(error: KeyfenceError): KeyfenceError {
  const { problem, retryAfter } = error;
  const { status, code } = problem;
  if (status !== 401 && code !== 'ip_not_allowed') return error;
  const why =
    status === 401
      ? 'it has expired, was revoked, or is not one of this Keyfence'
      : 'it may not be used from this address';
  return new KeyfenceError(problem, retryAfter, `the key of this service is refused: ${why}`);
}

/** Looks once a day when the key ends that a service verifies with. No request waits for that. */
export class OwnKey {
  private lookedAt = -Infinity;

  constructor(
    private readonly ask: () => Promise<Partial<Whoami>>,
    private readonly onEnding: (expiresAt: Date) => void,
  ) {}

  /** Called with every verification that had a result; costs a comparison. */
  look(): void {
    const now = performance.now();
    if (now - this.lookedAt < dayMs) return;
    this.lookedAt = now;
    // The requests that wait come first. A program that is done does not wait for this.
    setTimeout(() => void this.report(), waitMs).unref();
  }

  private async report(): Promise<void> {
    // It is looked at again tomorrow. Verifications report what is wrong now.
    const { expiresAt } = await this.ask().catch(() => ({ expiresAt: null }));
    if (typeof expiresAt !== 'string') return;
    const end = new Date(expiresAt);
    if (end.getTime() - Date.now() < warnedMs) this.onEnding(end);
  }
}
