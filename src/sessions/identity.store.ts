import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { IdentityId, UserId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { Tx } from '../database/transactions.js';
import type { Identity } from './identity-provider.js';

/** An account, with its user. */
export interface IdentityRow {
  id: IdentityId;
  issuer: string;
  subject: string;
  status: 'bound' | 'barred' | 'allowed';
  createdAt: Date;
}

const columns = 'id, issuer, subject, created_at AS "createdAt"';

/** Accounts of the user $1, and those that are barred from them. */
const ofUser = `(
  SELECT ${columns}, 'bound' AS status FROM identities WHERE user_id = $1
  UNION ALL
  SELECT ${columns}, 'barred' AS status FROM barred_identities WHERE user_id = $1
) i`;

/** All SQL on accounts at identity providers. */
@Injectable()
export class IdentityStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The user of an account; for a new account, the person with its address. */
  async userOf({ issuer, subject, verifiedEmail }: Identity): Promise<UserId | undefined> {
    const rows = await this.dataSource.query<{ user_id: UserId }[]>(
      `SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2
       UNION ALL
       SELECT id FROM users WHERE email = $3 AND kind = 'person' AND status = 'active'
         AND NOT EXISTS (SELECT FROM identities WHERE issuer = $1 AND subject = $2)`,
      [issuer, subject, verifiedEmail ?? null],
    );
    return rows[0]?.user_id;
  }

  /** Accounts of a user, in the order in which they were bound. */
  list(userId: UserId, limit: number, after: Position | undefined): Promise<IdentityRow[]> {
    const { value = null, id = null } = after ?? {};
    return this.dataSource.query<IdentityRow[]>(
      `SELECT * FROM ${ofUser}
       WHERE $3::timestamptz IS NULL OR ("createdAt", id) > ($3::timestamptz, $4)
       ORDER BY "createdAt", id LIMIT $2`,
      [userId, limit, value, id],
    );
  }

  /** @throws Problem `not_found` */
  async get(tx: Tx, userId: UserId, id: IdentityId): Promise<IdentityRow> {
    const rows = await tx.query<IdentityRow[]>(`SELECT * FROM ${ofUser} WHERE id = $2`, [
      userId,
      id,
    ]);
    if (rows[0] === undefined) throw new Problem('not_found');
    return rows[0];
  }

  /**
   * Takes accounts from a user, and prevents them from being bound to the user again.
   *
   * @param id this one alone; all when left out
   * @returns those that were bound
   */
  bar(tx: Tx, userId: UserId, id?: IdentityId): Promise<IdentityRow[]> {
    return tx.query<IdentityRow[]>(
      `WITH gone AS (
         DELETE FROM identities WHERE user_id = $1 AND id = coalesce($2, id) RETURNING *
       )
       INSERT INTO barred_identities (id, user_id, issuer, subject, created_at)
       SELECT id, user_id, issuer, subject, created_at FROM gone
       RETURNING ${columns}, 'barred' AS status`,
      [userId, id],
    );
  }

  /** Lets an account be bound to the user again. */
  async allow(tx: Tx, userId: UserId, id: IdentityId): Promise<void> {
    await tx.query('DELETE FROM barred_identities WHERE user_id = $1 AND id = $2', [userId, id]);
  }

  /**
   * Binds an account to a user, if neither is bound yet, and it is not barred (checked by a trigger).
   *
   * @returns whether that was new
   */
  async bind(tx: Tx, { issuer, subject }: Identity, userId: UserId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `INSERT INTO identities (issuer, subject, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
       RETURNING user_id`,
      [issuer, subject, userId],
    );
    return rows.length > 0;
  }

  /** Whether the account belongs to this user, who is active. */
  async isOf(tx: Tx, { issuer, subject }: Identity, userId: UserId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT FROM identities i JOIN users u ON u.id = i.user_id
       WHERE i.issuer = $1 AND i.subject = $2 AND u.id = $3 AND u.status = 'active'`,
      [issuer, subject, userId],
    );
    return rows.length > 0;
  }
}
