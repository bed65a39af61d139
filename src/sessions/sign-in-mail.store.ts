import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const hashOf = (email: string) => createHash('sha256').update(email).digest();

/** Whether a time is long enough ago. One that is far in the future comes from a wrong clock. */
const isOver = (column: string, interval: string) => `
  (${column} IS NULL OR
    ${column} NOT BETWEEN now() - interval '${interval}' AND now() + interval '${interval}')`;

/** Rows that no longer limit anybody: removed a few at a time, when others are added. */
const removeOld = `
  DELETE FROM sign_in_mails WHERE address_hash IN (
    SELECT address_hash FROM sign_in_mails WHERE last_at < now() - interval '15 minutes'
    LIMIT 100 FOR UPDATE SKIP LOCKED)`;

/**
 * All SQL that counts mails with sign-in links: for every address in the same way, whether or not
 * anybody has it.
 */
@Injectable()
export class SignInMailStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Counts a mail to this address: at most one a minute, and three in a quarter of an hour.
   *
   * @returns false when the limit is reached, and it was not counted
   */
  async count(email: string): Promise<boolean> {
    await this.dataSource.query(removeOld);
    // Of several at the same time, each waits for the row of the one before it.
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO sign_in_mails AS m (address_hash, last_at) VALUES ($1, now())
       ON CONFLICT (address_hash) DO UPDATE
         SET last_at = now(), second_last_at = m.last_at, third_last_at = m.second_last_at
         WHERE ${isOver('m.last_at', '1 minute')} AND ${isOver('m.third_last_at', '15 minutes')}
       RETURNING m.address_hash`,
      [hashOf(email)],
    );
    return rows.length > 0;
  }

  /** Removes the last one from the count, as it will not be sent. */
  async uncount(email: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE sign_in_mails
       SET last_at = coalesce(second_last_at, '-infinity'), second_last_at = third_last_at, third_last_at = NULL
       WHERE address_hash = $1`,
      [hashOf(email)],
    );
  }
}
