import { Injectable } from '@nestjs/common';
import type { RecordedActor } from '../audit/audit-log.js';
import type { OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';

/** A removed member whose keys are not all revoked yet. */
interface EndedMembership {
  orgId: OrgId;
  userId: UserId;
  /** Who removed them. */
  by: RecordedActor;
  reason: string;
  /** How many keys there were; 100,000 means that many or more. */
  keys: number;
}

/** All SQL on members who were removed, as far as the removal needs it. */
@Injectable()
export class EndedMembershipStore {
  async insert(tx: Tx, ended: EndedMembership): Promise<void> {
    const { orgId, userId, by, reason, keys } = ended;
    await tx.query(
      `INSERT INTO ended_memberships (org_id, user_id, ended_by_org_id, ended_by_user_id,
         ended_by_key_id, ip, user_agent, request_id, reason, keys)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        orgId,
        userId,
        by.recorded.orgId,
        by.recorded.userId,
        by.recorded.keyId,
        by.origin.ip,
        by.origin.userAgent,
        by.origin.requestId,
        reason,
        keys,
      ],
    );
  }
}
