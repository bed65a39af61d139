import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/errors.js';
import { isLockTimeout } from '../../database/errors.js';
import type { Tx } from '../../database/transactions.js';
import type { Role } from '../../permissions/permission.js';

/**
 * Identifies a call. The key is the client's choice, and has a meaning only together with the
 * principal.
 */
interface CallId {
  principalId: string;
  key: string;
}

/** A call that succeeded. */
export interface FirstCall {
  fingerprint: Buffer;
  role: Role;
  body: object;
  authSeq: number;
}

const isOld = `created_at < now() - interval '24 hours'`;

/**
 * Removes a call that is too old to be repeated, and a small number of others, so that it delays
 * nobody. One call adds at most one row, so old rows never pile up.
 */
const forgetOld = `
  WITH old AS (
    SELECT principal_id, key FROM idempotency_keys WHERE ${isOld}
    ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)
  DELETE FROM idempotency_keys i USING (TABLE old UNION SELECT $1, $2) o
  WHERE i.principal_id = o.principal_id AND i.key = o.key AND ${isOld}`;

/** All SQL on creating calls that may be repeated. */
@Injectable()
export class IdempotencyStore {
  /**
   * Makes the running transaction the one that does the work of a call. If another one has claimed it,
   * this waits on the unique index, and takes over if that one is rolled back.
   *
   * @returns false when the call has succeeded before
   * @throws Problem `idempotency_in_progress` when the other one takes longer than `lock_timeout`
   */
  async claim(tx: Tx, { principalId, key }: CallId, fingerprint: Buffer): Promise<boolean> {
    try {
      await tx.query(forgetOld, [principalId, key]);
      const claimed = await tx.query<unknown[]>(
        `INSERT INTO idempotency_keys (principal_id, key, fingerprint) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING RETURNING key`,
        [principalId, key, fingerprint],
      );
      return claimed.length > 0;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      throw new Problem('idempotency_in_progress', undefined, {}, { cause: error });
    }
  }

  /** Stores the response of the call that this transaction has claimed. */
  async storeResponse(
    tx: Tx,
    { principalId, key }: CallId,
    role: Role,
    body: object,
  ): Promise<void> {
    await tx.query(
      `UPDATE idempotency_keys SET role = $3, body = $4 WHERE principal_id = $1 AND key = $2`,
      [principalId, key, role, JSON.stringify(body)],
    );
  }

  /** @throws Problem `idempotency_in_progress` when it became too old in the meantime */
  async get(tx: Tx, { principalId, key }: CallId): Promise<FirstCall> {
    const [row] = await tx.query<(Omit<FirstCall, 'authSeq'> & { auth_seq: string })[]>(
      `SELECT fingerprint, role, body, auth_seq FROM idempotency_keys
       WHERE principal_id = $1 AND key = $2`,
      [principalId, key],
    );
    if (row === undefined) throw new Problem('idempotency_in_progress');
    const { auth_seq: authSeq, ...first } = row;
    return { ...first, authSeq: Number(authSeq) };
  }
}
