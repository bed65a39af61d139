import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeliveryId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';

/** An organisation, with the names that people use. */
export interface NamedOrg {
  id: OrgId;
  name: string;
}

/** The content of a mail, with the current facts. */
export interface ManagerNotice {
  to: string;
  /** The manager of the organisations who was deactivated. */
  userName: string;
  /** Those without a manager who has a mailbox; not all of them if there are many. */
  orgs: NamedOrg[];
  /** How many organisations there are. */
  total: number;
}

type Row = Pick<ManagerNotice, 'to' | 'userName' | 'total'> & NamedOrg;

/** The longest list in a mail. */
const longestList = 500;

const isReached = (user: string) => `${user}.status = 'active' AND ${user}.email IS NOT NULL`;

/** Notices to operators about organisations that were left without a manager. */
@Injectable()
export class ManagerNoticeStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The operators with a mailbox, and their organisation. */
  readers(tx: Tx): Promise<{ orgId: OrgId; recipientId: UserId }[]> {
    return tx.query<{ orgId: OrgId; recipientId: UserId }[]>(
      `SELECT m.org_id AS "orgId", m.user_id AS "recipientId"
       FROM organisations o
       JOIN memberships m ON m.org_id = o.id AND m.role = 'manager'
       JOIN users u ON u.id = m.user_id AND ${isReached('u')}
       WHERE o.kind = 'operator'`,
    );
  }

  /** The current content of a notice; null when there is nothing to send. */
  async ofDelivery(id: DeliveryId): Promise<ManagerNotice | null> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT u.email AS "to", gone.name AS "userName", o.id, o.name,
         (count(*) OVER ())::int AS total
       FROM deliveries d
       JOIN users u ON u.id = d.recipient_id AND ${isReached('u')}
       JOIN memberships m ON m.org_id = d.org_id AND m.user_id = d.recipient_id
         AND m.role = 'manager'
       JOIN users gone ON gone.id = d.notice ->> 'userId'
       JOIN organisations o ON o.id IN (SELECT jsonb_array_elements_text(d.notice -> 'orgIds'))
       WHERE d.id = $1 AND NOT EXISTS (
         SELECT FROM memberships other JOIN users v ON v.id = other.user_id AND ${isReached('v')}
         WHERE other.org_id = o.id AND other.role = 'manager'
       )
       ORDER BY o.id LIMIT $2`,
      [id, longestList],
    );
    const [first] = rows;
    if (first === undefined) return null;
    const { to, userName, total } = first;
    return { to, userName, total, orgs: rows.map(({ id: orgId, name }) => ({ id: orgId, name })) };
  }
}
