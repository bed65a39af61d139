import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Session } from '../auth/access.guard.js';
import type { SessionId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { sessionEnd } from '../permissions/facts.store.js';

interface Row {
  id: SessionId;
  created_at: Date;
  expires_at: Date;
  is_stale: boolean;
  user_id: UserId;
  name: string;
  email: string;
}

const end = sessionEnd('s.seen_at');

/** Sessions that came to their end by themselves: removed a few at a time, when others begin. */
const removeOld = `
  DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions s WHERE ${end} <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`;

/** All SQL on sessions, but for what makes a session like a key (see permissions/facts.store.ts). */
@Injectable()
export class SessionStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The session with this token, which is in use now; null when there is none, or none any more. */
  async use(tokenHash: Buffer): Promise<Session | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT s.id, s.created_at, ${sessionEnd('now()')} AS expires_at, u.id AS user_id, u.name, u.email,
         s.seen_at NOT BETWEEN now() - interval '1 minute' AND now() AS is_stale
       FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.token_hash = $1 AND ${end} > now() AND u.status = 'active'`,
      [tokenHash],
    );
    if (row === undefined) return null;
    if (row.is_stale) {
      await this.dataSource.query('UPDATE sessions SET seen_at = now() WHERE id = $1', [row.id]);
    }
    const { id, name, email, user_id: userId, created_at: createdAt, expires_at: expiresAt } = row;
    return { id, user: { id: userId, name, email }, createdAt, expiresAt };
  }

  async insert(tx: Tx, id: SessionId, userId: UserId, tokenHash: Buffer): Promise<void> {
    await tx.query(removeOld);
    await tx.query('INSERT INTO sessions (id, user_id, token_hash) VALUES ($1, $2, $3)', [
      id,
      userId,
      tokenHash,
    ]);
  }

  /**
   * Ends sessions of a user.
   *
   * @param id this one alone; all when left out
   * @returns those that have ended by that
   */
  async remove(tx: Tx, userId: UserId, id?: SessionId): Promise<SessionId[]> {
    const [rows] = await tx.query<[{ id: SessionId }[], number]>(
      'DELETE FROM sessions WHERE user_id = $1 AND id = coalesce($2, id) RETURNING id',
      [userId, id],
    );
    return rows.map((row) => row.id);
  }
}
