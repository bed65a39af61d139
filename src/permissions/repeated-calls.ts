import { Injectable } from '@nestjs/common';
import type { Role } from '../auth/permission.js';
import type { Caller } from '../auth/principal.js';
import { Problem } from '../common/errors.js';
import { Transactions, type Committed, type Tx } from '../database/transactions.js';
import { IdempotencyStore, type FirstCall } from './idempotency.store.js';

/** What a call may be answered with, besides what it changes. */
interface Prepared {
  readonly me: { readonly role: Role };
}

/**
 * @throws Problem `idempotency_mismatch`; `insufficient_permission` for a manager's call that is
 *   repeated after they were demoted, as it can tell of what is not theirs
 */
function assertSameCall(first: FirstCall, { idempotency, requires }: Caller, role: Role): void {
  if (idempotency === undefined || !idempotency.fingerprint.equals(first.fingerprint)) {
    throw new Problem('idempotency_mismatch');
  }
  if (first.role === 'manager' && role !== 'manager') {
    throw new Problem('insufficient_permission', 'The first call was that of a manager.', {
      permission: requires,
    });
  }
}

/** Runs the transactions of changes, and knows those again that a client makes twice. */
@Injectable()
export class RepeatedCalls {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: IdempotencyStore,
  ) {}

  /**
   * Does the work, or answers as the first call with this `Idempotency-Key` was answered, without
   * the secret. The claim comes before all locks, so that a call that waits for the first keeps
   * nobody else waiting. The answer is stored with the work: a call that was refused or lost has
   * left nothing, and is the first again.
   *
   * @param prepare takes the locks and judges the caller, also for an answer that is a repetition
   * @throws Problem `idempotency_in_progress`, `idempotency_mismatch`; as `Transactions.run` does
   */
  async once<C extends Prepared, T extends object>(
    caller: Caller,
    prepare: (tx: Tx) => Promise<C>,
    work: (change: C) => Promise<T>,
  ): Promise<Committed<T>> {
    const { idempotency, principal } = caller;
    if (idempotency === undefined) {
      return this.transactions.run(async (tx) => work(await prepare(tx)));
    }
    const id = { principalId: principal.key.id, key: idempotency.key };
    const { answer, first, authSeq } = await this.transactions.run(async (tx) => {
      const isFirst = await this.store.claim(tx, id, idempotency.fingerprint);
      const change = await prepare(tx);
      if (!isFirst) {
        const found = await this.store.get(tx, id);
        assertSameCall(found, caller, change.me.role);
        return { answer: found.body as T, first: found };
      }
      const done = await work(change);
      await this.store.keep(tx, id, change.me.role, { ...done, secret: undefined });
      return { answer: done, first: undefined };
    });
    if (first === undefined) return { ...answer, authSeq };
    idempotency.announceReplay();
    return { ...answer, authSeq: first.authSeq };
  }
}
