import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';

const isGood = `created_at > now() - interval '15 minutes'`;

/** All SQL on links that people sign in with. */
@Injectable()
export class SignInLinkStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Makes a link for the active person with this address, in the place of an earlier one.
   *
   * @returns their name; undefined when there is no such person
   */
  async replace(email: string, tokenHash: Buffer): Promise<{ name: string } | undefined> {
    const rows = await this.dataSource.query<{ name: string }[]>(
      `WITH person AS (
         SELECT id, name FROM users WHERE email = $1 AND kind = 'person' AND status = 'active'
       ), link AS (
         INSERT INTO sign_in_links (user_id, token_hash) SELECT id, $2 FROM person
         ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, created_at = now()
       )
       SELECT name FROM person`,
      [email, tokenHash],
    );
    return rows[0];
  }

  /** @returns whose link it is; undefined when nobody's, or too old */
  async ownerOf(tokenHash: Buffer): Promise<UserId | undefined> {
    const rows = await this.dataSource.query<{ user_id: UserId }[]>(
      `SELECT user_id FROM sign_in_links WHERE token_hash = $1 AND ${isGood}`,
      [tokenHash],
    );
    return rows[0]?.user_id;
  }

  /** @returns whether it was there to be used up */
  async remove(tx: Tx, tokenHash: Buffer): Promise<boolean> {
    const [, count] = await tx.query<[unknown[], number]>(
      `DELETE FROM sign_in_links WHERE token_hash = $1 AND ${isGood}`,
      [tokenHash],
    );
    return count > 0;
  }
}
