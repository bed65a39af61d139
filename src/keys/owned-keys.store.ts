import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { mostCounted } from '../common/page.js';
import type { Tx } from '../database/transactions.js';
import { isUnrevoked } from './key-state.js';
import type { Revocation } from './key.store.js';
import type { UserKeysView } from './user-keys.dto.js';

/** How many keys there are, and the first of them: there can be very many. */
export interface KeyTotal {
  /** 100,000 means that many or more. */
  total: number;
  /** The first 100 by creation. */
  ids: KeyId[];
}

/** Which keys of an owner are revoked, and what their rows say of it. */
interface NextRevocation extends Revocation {
  /** When they were revoked; now when left out. */
  at?: Date | null;
  /** Only keys that were created until then; all when left out. */
  createdUntil?: Date | null;
  /** Comes after all others: nobody can do anything with their own key once it is revoked. */
  last?: KeyId | null;
}

/**
 * Keys that are to be revoked. In this form the time does not lead to the index of all keys, which has
 * the revoked ones as well: each batch would read those of the batches before it.
 */
const isOwed = `org_id = $1 AND owner_id = $2 AND revoked_at IS NULL
  AND (created_at > $4) IS NOT TRUE`;

/** All SQL on the keys of one member, taken together. */
@Injectable()
export class OwnedKeysStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The active keys of a user in all organisations, of which removed members have none.
   *
   * @returns undefined when there is no such user
   */
  async activeOf(userId: UserId): Promise<UserKeysView | undefined> {
    const activeKeys = (limit: number) => `memberships m CROSS JOIN LATERAL (
      SELECT id, name, created_at FROM api_keys k
      WHERE org_id = m.org_id AND owner_id = m.user_id AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now())
      ORDER BY created_at, id LIMIT ${limit}
    ) k WHERE m.user_id = $1`;
    const [found] = await this.dataSource.query<{ total: number }[]>(
      `SELECT (
         SELECT count(*)::int FROM (SELECT FROM ${activeKeys(mostCounted)} LIMIT ${mostCounted}) c
       ) AS total
       FROM users WHERE id = $1`,
      [userId],
    );
    if (found === undefined) return undefined;
    const items = await this.dataSource.query<UserKeysView['items']>(
      `SELECT first.id, first.org_id AS "orgId", o.name AS "orgName", first.name, coalesce(s.mask, '') AS masked,
         usage.last_used_at AS "lastUsedAt", usage.last_ip AS "lastUsedIp"
       FROM (
         SELECT k.id, k.name, k.created_at, m.org_id FROM ${activeKeys(100)}
         ORDER BY m.org_id, k.created_at, k.id LIMIT 100
       ) first
       JOIN organisations o ON o.id = first.org_id
       LEFT JOIN key_secrets s ON s.key_id = first.id
       LEFT JOIN key_usage usage ON usage.key_id = first.id
       ORDER BY first.org_id, first.created_at, first.id`,
      [userId],
    );
    return { total: found.total, items };
  }

  /** How many active keys a member has: 100,000 means that many or more. */
  async countActive(orgId: OrgId, ownerId: UserId): Promise<number> {
    const [row] = await this.dataSource.query<[{ total: number }]>(
      `SELECT count(*)::int AS total FROM (
         SELECT FROM api_keys k WHERE org_id = $1 AND owner_id = $2 AND ${isUnrevoked('k')}
           AND (expires_at IS NULL OR expires_at > now()) LIMIT 100000
       ) AS active`,
      [orgId, ownerId],
    );
    return row.total;
  }

  /** Keys of a member that are not revoked yet, expired ones included. */
  async unrevoked(tx: Tx, orgId: OrgId, ownerId: UserId): Promise<KeyTotal> {
    const [row] = await tx.query<[KeyTotal]>(
      `WITH unrevoked AS MATERIALIZED (
         SELECT id, created_at FROM api_keys k
         WHERE org_id = $1 AND owner_id = $2 AND ${isUnrevoked('k')}
         ORDER BY created_at, id LIMIT 100000
       )
       SELECT (SELECT count(*)::int FROM unrevoked) AS total,
         ARRAY(SELECT id FROM unrevoked ORDER BY created_at, id LIMIT 100) AS ids`,
      [orgId, ownerId],
    );
    return row;
  }

  /**
   * When the newest key was created that is not revoked, where a member has more than so many.
   *
   * @returns null when there are not more
   */
  async newestOfMore(tx: Tx, orgId: OrgId, ownerId: UserId, most: number): Promise<Date | null> {
    const ofOwner = 'FROM api_keys WHERE org_id = $1 AND owner_id = $2 AND revoked_at IS NULL';
    const [row] = await tx.query<{ createdAt: Date }[]>(
      `SELECT created_at AS "createdAt" ${ofOwner}
         AND EXISTS (SELECT ${ofOwner} OFFSET $3)
       ORDER BY created_at DESC LIMIT 1`,
      [orgId, ownerId, most],
    );
    return row?.createdAt ?? null;
  }

  /**
   * Revokes so many keys of an owner, of those whose own rows are not revoked yet. Rows are locked in
   * the order of all transactions.
   *
   * @returns the keys that this call revoked, by creation
   */
  async revokeNext(
    tx: Tx,
    orgId: OrgId,
    ownerId: UserId,
    limit: number,
    { byUserId, byKeyId, reason, at, createdUntil, last }: NextRevocation,
  ): Promise<KeyId[]> {
    const rows = await tx.query<{ id: KeyId }[]>(
      `WITH locked AS (
         SELECT id FROM api_keys WHERE revoked_at IS NULL AND id IN (
           (SELECT id FROM api_keys WHERE ${isOwed} AND id IS DISTINCT FROM $9 LIMIT $3)
           UNION ALL
           SELECT id FROM api_keys WHERE ${isOwed} AND id = $9
           LIMIT $3
         )
         ORDER BY id FOR NO KEY UPDATE
       ), revoked AS (
         UPDATE api_keys k SET revoked_at = coalesce($5::timestamptz, now()), revoked_by_user_id = $6,
           revoked_by_key_id = $7, revoke_reason = $8
         FROM locked WHERE k.id = locked.id RETURNING k.id, k.created_at
       )
       SELECT id FROM revoked ORDER BY created_at, id`,
      [
        orgId,
        ownerId,
        limit,
        createdUntil ?? null,
        at ?? null,
        byUserId,
        byKeyId,
        reason,
        last ?? null,
      ],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether the rows of all keys of an owner are revoked, of those that were created until then. */
  async areAllRevoked(
    tx: Tx,
    orgId: OrgId,
    ownerId: UserId,
    createdUntil: Date | null,
  ): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT FROM api_keys WHERE org_id = $1 AND owner_id = $2 AND revoked_at IS NULL
         AND (created_at > $3) IS NOT TRUE LIMIT 1`,
      [orgId, ownerId, createdUntil],
    );
    return rows.length === 0;
  }
}
