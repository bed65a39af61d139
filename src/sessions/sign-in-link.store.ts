import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';

const isGood = `created_at > now() - interval '15 minutes'`;

/** New links are in the first one; the other has those that nodes of the previous release made. */
const tables = ['sign_in_tokens', 'sign_in_links'] as const;

/** All SQL on sign-in links. */
@Injectable()
export class SignInLinkStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns the active person with this address; undefined when there is none */
  async personWith(email: string): Promise<UserId | undefined> {
    const rows = await this.dataSource.query<{ id: UserId }[]>(
      `SELECT id FROM users WHERE email = $1 AND kind = 'person' AND status = 'active'`,
      [email],
    );
    return rows[0]?.id;
  }

  /**
   * Adds a link of a user, whose row is locked, and removes the user's expired links.
   *
   * @param email where the link will be sent
   * @returns false when the user is not active or has another address by now, and no link was added
   */
  async insert(tx: Tx, userId: UserId, email: string, tokenHash: Buffer): Promise<boolean> {
    await tx.query(`DELETE FROM sign_in_tokens WHERE user_id = $1 AND NOT ${isGood}`, [userId]);
    const rows = await tx.query<unknown[]>(
      `INSERT INTO sign_in_tokens (token_hash, user_id)
       SELECT $2, id FROM users WHERE id = $1 AND email = $3 AND status = 'active' RETURNING user_id`,
      [userId, tokenHash, email],
    );
    return rows.length > 0;
  }

  /** @returns the owner of a link; undefined when there is none, or it is too old */
  async ownerOf(tokenHash: Buffer): Promise<UserId | undefined> {
    const found = tables.map(
      (table) => `SELECT user_id FROM ${table} WHERE token_hash = $1 AND ${isGood}`,
    );
    const rows = await this.dataSource.query<{ user_id: UserId }[]>(found.join(' UNION ALL '), [
      tokenHash,
    ]);
    return rows[0]?.user_id;
  }

  /**
   * Uses up a link, and all others of its user.
   *
   * @returns whether it could be used
   */
  async useUp(tx: Tx, userId: UserId, tokenHash: Buffer): Promise<boolean> {
    let isFound = false;
    for (const table of tables) {
      // In one order: of two persons with different links at the same time, the second waits, and finds
      // nothing.
      const [ended] = await tx.query<[{ is_used: boolean }[], number]>(
        `DELETE FROM ${table} WHERE token_hash IN (
           SELECT token_hash FROM ${table} WHERE user_id = $1 ORDER BY token_hash FOR UPDATE
         ) RETURNING token_hash = $2 AND ${isGood} AS is_used`,
        [userId, tokenHash],
      );
      isFound ||= ended.some((link) => link.is_used);
    }
    return isFound;
  }
}
