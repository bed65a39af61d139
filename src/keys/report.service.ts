import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Origin } from '../auth/principal.js';
import { Transactions } from '../database/transactions.js';
import { lockKey, takeLocks } from '../permissions/row-locks.js';
import { FailureThrottle } from '../throttling/failure-throttle.js';
import { KeyStore } from './key.store.js';
import { SecretHasher } from './secret-hasher.js';

/**
 * Milliseconds until an answer, where the work took less: a revocation waits for the disk and a
 * look-up that finds nothing does not, which would tell them apart.
 */
const answerAfter = 100;

/** Takes reports of leaked secrets, from everybody. */
@Injectable()
export class ReportService {
  constructor(
    private readonly store: KeyStore,
    private readonly hasher: SecretHasher,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly throttle: FailureThrottle,
  ) {}

  /**
   * Revokes the key that has this secret, if there is one. The answer is the same in any case.
   * It names no `authSeq`, which would tell whether something has changed.
   *
   * Each report counts as a failed authentication, whether or not there is such a key: it is as good
   * a way to try a secret, and what is counted must not tell.
   *
   * @param secret a well-formed one
   * @throws Problem `too_many_failures`
   */
  async revoke(origin: Origin, secret: string): Promise<{ valid: false }> {
    this.throttle.admit(origin.ip);
    this.throttle.count(origin.ip);
    await Promise.all([this.revokeIfKnown(origin, secret), delay(answerAfter)]);
    return { valid: false };
  }

  /**
   * A secret that nobody knows writes nothing, so that strangers cannot keep the disk busy. One
   * that is revoked already takes a number, like every change that finds its work done: the answer
   * waits until the first revocation is on disk.
   */
  private async revokeIfKnown(origin: Origin, secret: string): Promise<void> {
    const found = await this.store.findBySecret(this.hasher.candidates(secret));
    if (found === null) return;
    await this.transactions.run(async (tx) => {
      const { orgId, keyId } = found;
      await takeLocks(tx, [lockKey(orgId, keyId, 'alter')]);
      const reason = 'reported';
      const by = { byUserId: null, byKeyId: keyId, reason };
      const revoked = await this.store.revoke(tx, orgId, { keyId }, by);
      if (revoked.length > 0) {
        const after = { state: 'revoked', reason };
        const holder = { secretOf: found, origin };
        await this.audit.append(tx, holder, [
          { orgId, action: 'key.revoked', targetId: keyId, after },
        ]);
      }
      return {};
    });
  }
}
