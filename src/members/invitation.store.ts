import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeliveryId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import type { Delivery } from '../notifications/delivery.entity.js';
import { invitation } from '../notifications/delivery.store.js';

/** Invitations of the last 24 hours. */
export interface RecentInvitations {
  /** To this person, from any organisation. */
  toPerson: number;
  /** From this organisation, to anybody. */
  fromOrg: number;
  /** From this organisation to this person within the last minute. */
  justNow: number;
}

/** The content of a mail, with the current facts. */
export interface Invitation {
  to: string;
  orgName: string;
}

/** All SQL on who has opened an organisation, and on mails that invite to it. */
@Injectable()
export class InvitationStore {
  constructor(private readonly dataSource: DataSource) {}

  async recent(tx: Tx, orgId: OrgId, userId: UserId): Promise<RecentInvitations> {
    const [row] = await tx.query<[RecentInvitations]>(
      `SELECT (SELECT count(*)::int FROM deliveries
           WHERE recipient_id = $2 AND notice @> $3 AND created_at > now() - interval '1 day') AS "toPerson",
         (SELECT count(*)::int FROM memberships m JOIN deliveries d ON d.recipient_id = m.user_id
           WHERE m.org_id = $1 AND d.org_id = $1 AND m.opened_at IS NULL AND d.notice @> $3
             AND d.created_at > now() - interval '1 day') AS "fromOrg",
         (SELECT count(*)::int FROM deliveries
           WHERE recipient_id = $2 AND org_id = $1 AND notice @> $3
             AND created_at > now() - interval '1 minute') AS "justNow"`,
      [orgId, userId, invitation],
    );
    return row;
  }

  /** The latest invitation of a member; null when there is none. */
  async latest(
    orgId: OrgId,
    userId: UserId,
  ): Promise<Pick<Delivery, 'state' | 'createdAt'> | null> {
    const rows = await this.dataSource.query<Pick<Delivery, 'state' | 'createdAt'>[]>(
      `SELECT state, created_at AS "createdAt" FROM deliveries
       WHERE recipient_id = $2 AND org_id = $1 AND notice @> $3 ORDER BY id DESC LIMIT 1`,
      [orgId, userId, invitation],
    );
    return rows[0] ?? null;
  }

  /** Null when there is nothing to send: the person has opened the organisation, or is no member now. */
  async ofDelivery(id: DeliveryId): Promise<Invitation | null> {
    const rows = await this.dataSource.query<Invitation[]>(
      `SELECT u.email AS "to", o.name AS "orgName"
       FROM deliveries d
       JOIN memberships m ON m.org_id = d.org_id AND m.user_id = d.recipient_id
         AND m.opened_at IS NULL
       JOIN users u ON u.id = m.user_id AND u.status = 'active' AND u.email IS NOT NULL
       JOIN organisations o ON o.id = m.org_id AND o.status = 'active'
       WHERE d.id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }
}
