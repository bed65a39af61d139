import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeliveryId, KeyId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { isUnrevoked } from '../keys/key-state.js';

/** A reminder that became due and is not superseded by a more urgent one. */
export interface DueReminder {
  keyId: KeyId;
  orgId: OrgId;
  expiresAt: Date;
  /** Days before the expiry; 0 is the expiry itself. */
  threshold: number;
  /** The owner, if they have a mailbox. */
  ownerId: UserId | null;
}

/** A recipient of an organisation's digest for this day. */
interface DigestReader {
  orgId: OrgId;
  userId: UserId;
}

/** A key in a mail. */
export interface ExpiringKey {
  keyId: KeyId;
  keyName: string;
  /** The name by which the managers know its owner. */
  ownerName: string;
  expiresAt: Date;
}

/** The content of a mail, with the current facts. */
export interface Told {
  to: string;
  orgId: OrgId;
  orgName: string;
  /** The first to expire comes first; not all of them if there are many. */
  keys: ExpiringKey[];
  /** How many keys there are. */
  total: number;
  /** The time on the database's clock. */
  now: Date;
}

type TellingRow = Omit<Told, 'keys' | 'total'> & ExpiringKey & { total: number };

/** One number for all nodes of an installation: sweeps take turns. */
const sweepLock = 0x6b_67;

/** The longest list of keys in a mail. */
const longestList = 500;

const today = `(now() AT TIME ZONE 'UTC')::date`;

/** The organisation has had no digest today. A clock that was set back causes no second one. */
const undigested = `r.digest_day IS NULL AND NOT r.superseded AND NOT EXISTS (
  SELECT FROM reminders d WHERE d.org_id = r.org_id AND d.digest_day >= ${today}
)`;

// No reminder is sent for a key that was revoked or got another expiry since.
const currentKey = (expiresAt: string) => `${isUnrevoked('k')} AND k.expires_at = ${expiresAt}`;

const reader = `u.status = 'active' AND u.email IS NOT NULL`;

const tellingColumns = `u.email AS "to", o.id AS "orgId", o.name AS "orgName", k.id AS "keyId",
  k.name AS "keyName", k.expires_at AS "expiresAt", now() AS now,
  coalesce(owner_member.display_name, owner.name) AS "ownerName"`;

const tellingJoins = `
  JOIN organisations o ON o.id = k.org_id
  JOIN users owner ON owner.id = k.owner_id
  JOIN memberships owner_member ON owner_member.org_id = k.org_id AND owner_member.user_id = k.owner_id`;

/** All SQL on what is due. */
@Injectable()
export class ReminderStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether a sweep would find anything: keys to check, or a digest to write. */
  async whatIsDue(): Promise<{ keys: boolean; digests: boolean }> {
    const [row] = await this.dataSource.query<[{ keys: boolean; digests: boolean }]>(
      `SELECT EXISTS (SELECT FROM expiry_watch WHERE due_at <= now()) AS keys,
         EXISTS (SELECT FROM reminders r WHERE ${undigested}) AS digests`,
    );
    return row;
  }

  /** For how many seconds the oldest due key has waited to be checked; 0 if there is none. */
  async oldestDue(): Promise<number> {
    const [row] = await this.dataSource.query<[{ seconds: number }]>(
      `SELECT greatest(0, extract(epoch FROM now() - min(due_at)))::float8 AS seconds
       FROM expiry_watch`,
    );
    return row.seconds;
  }

  /** Whether no other sweep is running; until the transaction ends, none begins. */
  async isAlone(tx: Tx): Promise<boolean> {
    const [row] = await tx.query<[{ alone: boolean }]>(
      'SELECT pg_try_advisory_xact_lock($1) AS alone',
      [sweepLock],
    );
    return row.alone;
  }

  /** Takes keys off the watch that are due to be checked. */
  async takeWatched(tx: Tx, limit: number): Promise<KeyId[]> {
    const [rows] = await tx.query<[{ id: KeyId }[], number]>(
      `DELETE FROM expiry_watch WHERE id IN (
         SELECT id FROM expiry_watch WHERE due_at <= now() ORDER BY due_at LIMIT $1
       ) RETURNING key_id AS id`,
      [limit],
    );
    return [...new Set(rows.map(({ id }) => id))];
  }

  /**
   * Stores what is due for these keys, and watches them until the next reminder. Rows are read as they
   * are now: after `takeWatched`, a change that it does not see watches its key again.
   *
   * @returns those that were not stored before, without the superseded ones
   */
  async plan(tx: Tx, keyIds: readonly KeyId[]): Promise<DueReminder[]> {
    return tx.query<DueReminder[]>(
      `WITH due AS (
         SELECT k.id, k.expires_at, k.org_id, r.threshold, r.due_at
         FROM api_keys k, expiry_reminders(k.expires_at,
           coalesce(k.lifetime, extract(epoch FROM k.expires_at - k.created_at))) AS r
         WHERE k.id = ANY($1) AND ${isUnrevoked('k')}
       ), next AS (
         INSERT INTO expiry_watch (key_id, due_at)
         SELECT id, min(due_at) FROM due WHERE due_at > now() GROUP BY id
       ), planned AS (
         INSERT INTO reminders (key_id, expires_at, threshold, org_id, superseded)
         SELECT id, expires_at, threshold, org_id,
           threshold > min(threshold) OVER (PARTITION BY id)
         FROM due WHERE due_at <= now()
         ON CONFLICT DO NOTHING
         RETURNING key_id, expires_at, threshold, org_id, superseded
       )
       SELECT p.key_id AS "keyId", p.org_id AS "orgId", p.expires_at AS "expiresAt", p.threshold,
         u.id AS "ownerId"
       FROM planned p JOIN api_keys k ON k.id = p.key_id
       LEFT JOIN users u ON u.id = k.owner_id AND ${reader}
       WHERE NOT p.superseded`,
      [keyIds],
    );
  }

  /**
   * Puts everything that is in no digest yet into today's, for organisations that have none today.
   *
   * @returns today (UTC), and the recipients
   */
  async gatherDigests(tx: Tx): Promise<{ day: string; readers: DigestReader[] }> {
    const readers = await tx.query<(DigestReader & { day: string })[]>(
      `WITH gathered AS (
         UPDATE reminders r SET digest_day = ${today} WHERE ${undigested} RETURNING r.org_id
       )
       SELECT m.org_id AS "orgId", m.user_id AS "userId", ${today}::text AS day
       FROM memberships m JOIN users u ON u.id = m.user_id AND ${reader}
       WHERE m.role = 'manager' AND m.org_id IN (SELECT org_id FROM gathered)`,
    );
    return { day: readers[0]?.day ?? '', readers };
  }

  /** The current content of a reminder to the owner of a key; null when there is nothing to send. */
  async ofReminder(id: DeliveryId): Promise<Told | null> {
    return this.telling(
      `SELECT ${tellingColumns}, 1 AS total
       FROM deliveries d
       JOIN api_keys k ON k.id = d.key_id AND k.owner_id = d.recipient_id
         AND ${currentKey('d.expires_at')}
       JOIN users u ON u.id = d.recipient_id AND ${reader} ${tellingJoins}
       WHERE d.id = $1`,
      [id],
    );
  }

  /** The current content of a digest to a manager; null when there is nothing to send. */
  async ofDigest(id: DeliveryId): Promise<Told | null> {
    return this.telling(
      `SELECT ${tellingColumns}, (count(*) OVER ())::int AS total
       FROM deliveries d
       JOIN users u ON u.id = d.recipient_id AND ${reader}
       JOIN memberships m ON m.org_id = d.org_id AND m.user_id = d.recipient_id
         AND m.role = 'manager'
       CROSS JOIN LATERAL (
         SELECT DISTINCT key_id, expires_at FROM reminders r
         WHERE r.org_id = d.org_id AND r.digest_day BETWEEN d.digest_since AND d.digest_day
       ) AS due
       JOIN api_keys k ON k.id = due.key_id AND ${currentKey('due.expires_at')} ${tellingJoins}
       WHERE d.id = $1 ORDER BY k.expires_at, k.id LIMIT $2`,
      [id, longestList],
    );
  }

  private async telling(sql: string, parameters: unknown[]): Promise<Told | null> {
    const rows = await this.dataSource.query<TellingRow[]>(sql, parameters);
    const [first] = rows;
    if (first === undefined) return null;
    const { to, orgId, orgName, total, now } = first;
    const keys = rows.map(({ keyId, keyName, ownerName, expiresAt }) => ({
      keyId,
      keyName,
      ownerName,
      expiresAt,
    }));
    return { to, orgId, orgName, keys, total, now };
  }
}
