import { Injectable } from '@nestjs/common';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import type { KeyBounds, LiveKeys } from './key-bounds.js';
import type { CreatedKeys } from './key.view.js';

/** One number for all nodes. Together with an organisation it is the lock for creating keys there. */
const creationLock = 0x6b_62;

/** Neither revoked nor expired, in the form that indexes have. */
const isLive = `k.revoked_at IS NULL AND coalesce(k.expires_at, 'infinity') > now()`;

/**
 * Up to a bound of rows in each part. Keys of former members are not read: while a removal is running,
 * there can be any number that is not revoked yet.
 */
const countLive = `
  SELECT
    (SELECT count(*)::int FROM (
       SELECT FROM api_keys k WHERE k.org_id = $1 AND k.owner_id = $2 AND ${isLive}
       ORDER BY coalesce(k.expires_at, 'infinity') LIMIT $3
     ) own) AS "ofOwner",
    (SELECT count(*)::int FROM (
       SELECT FROM memberships m CROSS JOIN LATERAL (
         SELECT FROM api_keys k WHERE k.org_id = m.org_id AND k.owner_id = m.user_id AND ${isLive}
         ORDER BY coalesce(k.expires_at, 'infinity') LIMIT $4
       ) own WHERE m.org_id = $1 LIMIT $4
     ) everybody) AS "ofOrg"`;

/** How many of the keys that a key has created are shown; the others are counted. */
const shown = 100;
/** A key must not have created so many that revoking it takes long: no more rows than this are read. */
const mostCounted = 100_000;

/** A look-up for each row, since a wrong estimate would compare every row with every member. */
const memberOf = (rows: string) => `CROSS JOIN LATERAL (
  SELECT FROM memberships m WHERE m.org_id = ${rows}.org_id AND m.user_id = ${rows}.owner_id LIMIT 1
) member`;

const isVisible = (rows = '') =>
  `($2::text IS NULL OR ${rows}org_id = $2) AND ($3::text IS NULL OR ${rows}owner_id = $3)`;

/** The same of several keys, up to a bound, and no more than their number. */
const countCreated = `
  SELECT count(*)::int AS total FROM (
    SELECT FROM api_keys k ${memberOf('k')}
    WHERE k.created_by_key_id = ANY($1) AND ${isLive} AND ${isVisible('k.')} LIMIT ${mostCounted}
  ) made`;

const findCreated = `
  WITH made AS (
    SELECT k.id, k.org_id, k.owner_id, k.created_at FROM api_keys k
    WHERE k.created_by_key_id = $1 AND ${isLive}
    ORDER BY coalesce(k.expires_at, 'infinity') LIMIT ${mostCounted}
  ), oldest AS (
    SELECT id FROM (SELECT * FROM made WHERE ${isVisible()} ORDER BY created_at, id) sorted
      ${memberOf('sorted')}
    ORDER BY created_at, id LIMIT ${shown}
  ), owned AS (
    SELECT org_id, owner_id, count(*) AS keys FROM made WHERE ${isVisible()} GROUP BY 1, 2
  )
  SELECT (
    CASE (SELECT count(*) FROM made) WHEN ${mostCounted} THEN ${mostCounted}
    ELSE (SELECT coalesce(sum(keys), 0) FROM owned ${memberOf('owned')}) END
  )::int AS total, coalesce(
    jsonb_agg(jsonb_build_object('id', k.id, 'orgId', k.org_id, 'name', k.name, 'masked', s.mask)
      ORDER BY k.created_at, k.id), '[]') AS items
  FROM oldest JOIN api_keys k ON k.id = oldest.id JOIN key_secrets s ON s.key_id = k.id`;

/** All SQL that counts live keys: keys of members that are neither revoked nor expired. */
@Injectable()
export class LiveKeyStore {
  /**
   * Counts live keys up to the bounds. Until the transaction ends, no other one counts in this
   * organisation: of two creations, the second sees the key of the first. Row locks come first.
   */
  async count(
    tx: Tx,
    orgId: OrgId,
    ownerId: UserId,
    { maxKeysPerMember, maxKeysPerOrg }: KeyBounds,
  ): Promise<LiveKeys> {
    // A statement of its own: what the count sees is fixed when its statement begins.
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [creationLock, orgId]);
    const bounds = [maxKeysPerMember, maxKeysPerOrg];
    const [live] = await tx.query<[LiveKeys]>(countLive, [orgId, ownerId, ...bounds]);
    return live;
  }

  /** How many live keys were created with these keys; as `createdBy` otherwise. */
  async countCreatedBy(
    tx: Tx,
    within: OrgId | 'all',
    creators: readonly KeyId[],
    owner: UserId | undefined,
  ): Promise<number> {
    if (creators.length === 0) return 0;
    const orgId = within === 'all' ? null : within;
    const [row] = await tx.query<[{ total: number }]>(countCreated, [
      creators,
      orgId,
      owner ?? null,
    ]);
    return row.total;
  }

  /**
   * Live keys that were created with this key.
   *
   * @param within this organisation, or all of them, which only operators may see
   * @param owner only keys of this member
   */
  async createdBy(
    tx: Tx,
    within: OrgId | 'all',
    creator: KeyId,
    owner: UserId | undefined,
  ): Promise<CreatedKeys> {
    const orgId = within === 'all' ? null : within;
    const [created] = await tx.query<[CreatedKeys]>(findCreated, [creator, orgId, owner ?? null]);
    return created;
  }
}
