import { Injectable } from '@nestjs/common';
import type { Session } from '../auth/access.guard.js';
import type { Origin } from '../auth/caller.js';
import { sessionEnd } from '../changes/facts.store.js';
import type { OrgId, SessionId, UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Lanes, type Lane } from '../database/lanes.js';
import { serverState, ServerCheck, type ServerState } from '../database/server-checks.js';
import type { Tx } from '../database/transactions.js';
import type { OwnSession } from './session.dto.js';

interface Row extends ServerState {
  id: SessionId | null;
  created_at: Date;
  expires_at: Date;
  is_stale: boolean;
  user_id: UserId;
  name: string;
  email: string;
}

interface NewSession {
  id: SessionId;
  userId: UserId;
  tokenHash: Buffer;
  origin: Origin;
}

/** A session as its user sees it. */
type ListedSession = Omit<OwnSession, 'current'>;

/** Sessions of one person in a list. */
const mostListed = 100;

interface RemovedSession {
  id: SessionId;
  /** Whether it had not expired by itself. */
  wasLive: boolean;
}

/** Expired sessions: removed a few at a time, when others begin. */
const removeOld = (end: string) => `
  DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions s WHERE ${end} <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`;

/** All SQL on sessions, except what makes a session like a key (see changes/facts.store.ts). */
@Injectable()
export class SessionStore {
  private readonly endAfter: (usedAt: string) => string;

  constructor(
    private readonly lanes: Lanes,
    private readonly server: ServerCheck,
    { sessionMaxMinutes }: Settings,
  ) {
    this.endAfter = (usedAt) => sessionEnd(sessionMaxMinutes, usedAt);
  }

  /**
   * The session with this token, which counts as used now; null when there is none, or it has ended.
   *
   * @throws UnreliableServer when the server must not be relied on
   */
  async touch(tokenHash: Buffer, lane: Lane): Promise<Session | null> {
    const store = this.lanes.of(lane);
    const rows = await store.query<Row[]>(
      `SELECT ${serverState}, found.* FROM (VALUES (1)) one LEFT JOIN (
         SELECT s.id, s.created_at, ${this.endAfter('now()')} AS expires_at, u.id AS user_id, u.name, u.email,
           s.seen_at NOT BETWEEN now() - interval '1 minute' AND now() AS is_stale
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND ${this.endAfter('s.seen_at')} > now() AND u.status = 'active'
       ) found ON true`,
      [tokenHash],
    );
    const [row] = rows as [Row];
    this.server.admit(row);
    const { id, name, email, user_id: userId, created_at: createdAt, expires_at: expiresAt } = row;
    if (id === null) return null;
    if (row.is_stale) {
      await store.query('UPDATE sessions SET seen_at = now() WHERE id = $1', [id]);
    }
    return { id, user: { id: userId, name, email }, createdAt, expiresAt };
  }

  /**
   * Records that a person has opened an organisation in the console. It waits for nobody: if somebody is
   * changing the membership, the next request records it.
   *
   * @returns whether it is recorded, now or before
   */
  async open(userId: UserId, orgId: OrgId, lane: Lane): Promise<boolean> {
    const store = this.lanes.of(lane);
    const [, opened] = await store.query<[unknown[], number]>(
      `UPDATE memberships SET opened_at = now() WHERE (org_id, user_id) IN (
         SELECT org_id, user_id FROM memberships
         WHERE org_id = $1 AND user_id = $2 AND opened_at IS NULL FOR UPDATE SKIP LOCKED)`,
      [orgId, userId],
    );
    if (opened > 0) return true;
    const rows = await store.query<unknown[]>(
      'SELECT FROM memberships WHERE org_id = $1 AND user_id = $2 AND opened_at IS NOT NULL',
      [orgId, userId],
    );
    return rows.length > 0;
  }

  /** The sessions of a user that were used last, and how many there are. */
  async list(userId: UserId): Promise<{ items: ListedSession[]; total: number }> {
    const end = this.endAfter('s.seen_at');
    const rows = await this.lanes.of('ordinary').query<(ListedSession & { total: number })[]>(
      `SELECT s.id, s.created_at AS "createdAt", s.seen_at AS "lastUsedAt", ${end} AS "expiresAt", s.ip,
         s.user_agent AS "userAgent", count(*) OVER ()::int AS total
       FROM sessions s WHERE s.user_id = $1 AND ${end} > now()
       ORDER BY s.seen_at DESC, s.id DESC LIMIT ${mostListed}`,
      [userId],
    );
    const items = rows.map(({ id, createdAt, lastUsedAt, expiresAt, ip, userAgent }) => {
      return { id, createdAt, lastUsedAt, expiresAt, ip, userAgent };
    });
    return { items, total: rows[0]?.total ?? 0 };
  }

  async insert(tx: Tx, session: NewSession): Promise<void> {
    await tx.query(removeOld(this.endAfter('s.seen_at')));
    const { id, userId, tokenHash, origin } = session;
    await tx.query(
      `INSERT INTO sessions (id, user_id, token_hash, ip, user_agent)
       VALUES ($1, $2, $3, $4, $5)`,
      [id, userId, tokenHash, origin.ip, origin.userAgent],
    );
  }

  /**
   * Ends sessions of a user.
   *
   * @param id this one alone; all when left out
   * @returns those that were removed
   */
  async remove(tx: Tx, userId: UserId, id?: SessionId): Promise<RemovedSession[]> {
    const [rows] = await tx.query<[RemovedSession[], number]>(
      `DELETE FROM sessions s WHERE user_id = $1 AND id = coalesce($2, id)
       RETURNING id, ${this.endAfter('s.seen_at')} > now() AS "wasLive"`,
      [userId, id],
    );
    return rows;
  }
}
