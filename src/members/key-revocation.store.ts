import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RecordedActor } from '../audit/audit-log.js';
import type { OrgId, UserId } from '../common/ids.js';
import { mostCounted } from '../common/page.js';
import type { Tx } from '../database/transactions.js';

/** A member whose keys are to be revoked. */
interface KeyRevocation {
  orgId: OrgId;
  userId: UserId;
  /** When the newest of the keys was created. */
  createdUntil: Date;
  /** Who asked for it. */
  by: RecordedActor;
  reason: string | null;
}

/** All SQL on members whose keys somebody revokes, as far as those who ask for it need it. */
@Injectable()
export class KeyRevocationStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Leaves the keys to the sweep. It is about more of them where it was asked for before. */
  async put(tx: Tx, { orgId, userId, createdUntil, by, reason }: KeyRevocation): Promise<void> {
    const { recorded, origin } = by;
    await tx.query(
      `INSERT INTO key_revocations (org_id, user_id, created_until, asked_by_org_id, asked_by_user_id,
         asked_by_key_id, ip, user_agent, request_id, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (org_id, user_id) DO UPDATE SET asked_at = excluded.asked_at,
         created_until = greatest(key_revocations.created_until, excluded.created_until),
         asked_by_org_id = excluded.asked_by_org_id, asked_by_user_id = excluded.asked_by_user_id,
         asked_by_key_id = excluded.asked_by_key_id, ip = excluded.ip,
         user_agent = excluded.user_agent, request_id = excluded.request_id, reason = excluded.reason`,
      [
        orgId,
        userId,
        createdUntil,
        recorded.orgId,
        recorded.userId,
        recorded.keyId,
        origin.ip,
        origin.userAgent,
        origin.requestId,
        reason,
      ],
    );
  }

  /**
   * How many keys of a member are left to revoke; 100,000 means that many or more.
   *
   * @returns undefined when there is no such member
   */
  async remaining(
    orgId: OrgId,
    userId: UserId,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<number | undefined> {
    const [row] = await manager.query<{ remaining: number }[]>(
      `SELECT (
         SELECT count(*)::int FROM (
           SELECT FROM api_keys k
           WHERE k.org_id = r.org_id AND k.owner_id = r.user_id AND k.revoked_at IS NULL
             AND k.created_at <= r.created_until
           LIMIT ${mostCounted}
         ) AS owed
       ) AS remaining
       FROM memberships m LEFT JOIN key_revocations r USING (org_id, user_id)
       WHERE m.org_id = $1 AND m.user_id = $2`,
      [orgId, userId],
    );
    return row?.remaining;
  }
}
