import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Origin } from '../auth/caller.js';
import { CallBounds } from '../auth/throttling/call-bounds.js';
import { FailureThrottle } from '../auth/throttling/failure-throttle.js';
import { lockKey, takeLocks } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import { Lanes } from '../database/lanes.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { KeyStore, type SecretHolder } from './key.store.js';
import { SecretHasher } from './secret-hasher.js';

/**
 * The minimum time of a response in milliseconds: a revocation waits for the disk, and a look-up that
 * finds nothing does not, which would show the difference.
 */
const responseAfterMs = 100;

/** Reports come from strangers, who share the connections that one organisation may use. */
const party = 'reports';

/** How often a secret may move to another key while a report looks for it. */
const maxMoves = 3;

/** Takes reports of leaked secrets, from everybody. */
@Injectable()
export class RevokeService {
  constructor(
    private readonly store: KeyStore,
    private readonly hasher: SecretHasher,
    private readonly transactions: Transactions,
    private readonly lanes: Lanes,
    private readonly bounds: CallBounds,
    private readonly audit: AuditLog,
    private readonly throttle: FailureThrottle,
  ) {}

  /**
   * Revokes the key with this secret, if there is one. The response is the same in any case. It has no
   * `authSeq`, which would show whether something has changed.
   *
   * Each report counts as a failed authentication, whether or not there is such a key: a report is
   * another way to test a secret, and the count must not show the result.
   *
   * @param secret a well-formed one
   * @throws Problem `too_many_failures`, `too_many_requests`
   */
  async revoke(origin: Origin, secret: string): Promise<{ valid: false }> {
    this.throttle.admit(origin.ip);
    this.throttle.count(origin.ip);
    const work = async () => {
      const leave = await this.bounds.enter(party, 'denying');
      await this.revokeIfKnown(origin, secret).finally(leave);
    };
    await Promise.all([work(), delay(responseAfterMs)]);
    return { valid: false };
  }

  /**
   * An unknown secret writes nothing, so that strangers cannot keep the disk busy. For a key that is
   * revoked already, the transaction takes a number like any other: so the response waits until the
   * first revocation is on disk. The key that has the secret under the lock is revoked: the secret can
   * have moved since it was found.
   */
  private async revokeIfKnown(origin: Origin, secret: string): Promise<void> {
    const hashes = this.hasher.candidates(secret);
    let holder = await this.store.findBySecret(hashes, this.lanes.of('denying').manager);
    for (let moves = 0; holder !== null; moves += 1) {
      if (moves > maxMoves) throw new Problem('busy');
      const expected: SecretHolder = holder;
      const work = async (tx: Tx) => {
        await takeLocks(tx, [lockKey(expected.orgId, expected.keyId, 'alter')]);
        const found = await this.store.holdSecret(tx, hashes);
        // The lock of the other key needs another transaction, to preserve the order of locks.
        if (found?.keyId !== expected.keyId) return { movedTo: found };
        await this.revokeHolder(tx, origin, found);
        return { movedTo: null };
      };
      const { movedTo } = await this.transactions.run(work, { lane: 'denying' });
      holder = movedTo;
    }
  }

  private async revokeHolder(tx: Tx, origin: Origin, holder: SecretHolder): Promise<void> {
    const { orgId, keyId } = holder;
    const reason = 'reported';
    const by = { byUserId: null, byKeyId: keyId, reason };
    if (!(await this.store.revoke(tx, orgId, keyId, by))) return;
    const after = { state: 'revoked', reason };
    await this.audit.append(tx, { secretOf: holder, origin }, [
      { orgId, action: 'key.revoked', targetId: keyId, after },
    ]);
  }
}
