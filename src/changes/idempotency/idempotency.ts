import type { Caller } from '../../auth/caller.js';
import { Problem } from '../../common/errors.js';
import type { Role } from '../../permissions/permission.js';
import type { FirstCall } from './idempotency.store.js';

/** How a repeated call is recognised. */
export interface Idempotency {
  /** Chosen by the client. */
  readonly key: string;
  /** SHA-256 of everything that must be the same in a repeated call: the route, its ids, the body. */
  readonly fingerprint: Buffer;
  /** The same as nodes of the release before store it: the members of the body are in the order sent. */
  readonly fingerprintBefore: Buffer;
  /** Marks the response as that of an earlier call. */
  readonly announceReplay: () => void;
}

/** The caller of a call that a client may repeat. */
export interface RepeatableCaller extends Caller {
  /** Set only if the client asked for it. */
  readonly idempotency?: Idempotency;
}

/**
 * @throws Problem `idempotency_mismatch`; `insufficient_permission` for a manager's call that is
 *   repeated after they were demoted: the response may contain what they may no longer see
 */
export function assertSameCall(
  first: FirstCall,
  { fingerprint, fingerprintBefore }: Idempotency,
  { requires }: Caller,
  role: Role,
): void {
  const isSame = [fingerprint, fingerprintBefore].some((one) => one.equals(first.fingerprint));
  if (!isSame) throw new Problem('idempotency_mismatch');
  if (first.role === 'manager' && role !== 'manager') {
    throw new Problem('insufficient_permission', 'The first call was that of a manager.', {
      permission: requires,
    });
  }
}
