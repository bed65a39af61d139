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
   * Revokes so many keys of an owner, of those whose own rows are not revoked yet. Rows are locked in
   * the order of all transactions.
   *
   * @param at when they were revoked; now when left out
   * @returns the keys that this call revoked, by creation
   */
  async revokeNext(
    tx: Tx,
    orgId: OrgId,
    ownerId: UserId,
    limit: number,
    { byUserId, byKeyId, reason, at }: Revocation & { at?: Date },
  ): Promise<KeyId[]> {
    const rows = await tx.query<{ id: KeyId }[]>(
      `WITH locked AS (
         SELECT id FROM api_keys WHERE revoked_at IS NULL AND id IN (
           SELECT id FROM api_keys WHERE org_id = $1 AND owner_id = $2 AND revoked_at IS NULL
           LIMIT $3
         )
         ORDER BY id FOR NO KEY UPDATE
       ), revoked AS (
         UPDATE api_keys k SET revoked_at = coalesce($4::timestamptz, now()), revoked_by_user_id = $5,
           revoked_by_key_id = $6, revoke_reason = $7
         FROM locked WHERE k.id = locked.id RETURNING k.id, k.created_at
       )
       SELECT id FROM revoked ORDER BY created_at, id`,
      [orgId, ownerId, limit, at ?? null, byUserId, byKeyId, reason],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether the rows of all keys of an owner are revoked. */
  async areAllRevoked(tx: Tx, orgId: OrgId, ownerId: UserId): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      'SELECT FROM api_keys WHERE org_id = $1 AND owner_id = $2 AND revoked_at IS NULL LIMIT 1',
      [orgId, ownerId],
    );
    return rows.length === 0;
  }
}
