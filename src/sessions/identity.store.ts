import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import type { Identity } from './identity-provider.js';

/** All SQL on accounts at identity providers. */
@Injectable()
export class IdentityStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The user of an account; or, for one that is new here, the person with its address. */
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

  /** Binds an account to a user, if neither is bound yet. @returns whether that was new */
  async bind(tx: Tx, { issuer, subject }: Identity, userId: UserId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `INSERT INTO identities (issuer, subject, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
       RETURNING user_id`,
      [issuer, subject, userId],
    );
    return rows.length > 0;
  }

  /** Whether the account is that of this user, who is active. */
  async isOf(tx: Tx, { issuer, subject }: Identity, userId: UserId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT FROM identities i JOIN users u ON u.id = i.user_id
       WHERE i.issuer = $1 AND i.subject = $2 AND u.id = $3 AND u.status = 'active'`,
      [issuer, subject, userId],
    );
    return rows.length > 0;
  }
}
