import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { ApiKey, type KeyRow } from './api-key.entity.js';

/** Rows, and the time on the database's clock of their state. */
export interface KeyRows {
  rows: KeyRow[];
  now: Date;
}

/** The removal of the owner, if the row of the key does not show it yet. */
interface Removal {
  ended_at: Date | null;
  ended_by_user_id: UserId | null;
  ended_by_key_id: KeyId | null;
  reason: string | null;
}

interface RawRow extends Removal {
  masked: string;
  owner_name: string | null;
  last_used_at: Date | null;
  last_ip: string | null;
  last_user_agent: string | null;
  uses: string | null;
  now: Date;
}

/** Keys of all organisations, with what is shown beside them: the caller says which. */
export const selectAnyKeys = (manager: EntityManager): SelectQueryBuilder<ApiKey> =>
  manager
    .createQueryBuilder(ApiKey, 'key')
    // The user's own name must not show once the name that the manager gave is gone.
    .addSelect(
      'CASE WHEN membership.user_id IS NOT NULL THEN coalesce(membership.display_name, owner.name) END',
      'owner_name',
    )
    .addSelect('secret.mask', 'masked')
    .addSelect(['usage.last_used_at', 'usage.last_ip', 'usage.last_user_agent', 'usage.uses'])
    .addSelect(['ended.ended_at', 'ended.ended_by_user_id', 'ended.ended_by_key_id'])
    .addSelect('ended.reason')
    .addSelect('now()', 'now')
    .innerJoin('users', 'owner', 'owner.id = key.owner_id')
    .leftJoin(
      'memberships',
      'membership',
      'membership.org_id = key.org_id AND membership.user_id = key.owner_id',
    )
    .leftJoin(
      'ended_memberships',
      'ended',
      'ended.org_id = key.org_id AND ended.user_id = key.owner_id',
    )
    .leftJoin('key_secrets', 'secret', 'secret.key_id = key.id')
    .leftJoin('key_usage', 'usage', 'usage.key_id = key.id');

/**
 * Keys of an organisation, with what is shown beside them.
 *
 * @param owner only keys of this member
 */
export function selectKeys(
  manager: EntityManager,
  orgId: OrgId,
  owner: UserId | undefined,
): SelectQueryBuilder<ApiKey> {
  const keys = selectAnyKeys(manager).where('key.org_id = :orgId', { orgId });
  if (owner !== undefined) keys.andWhere('key.owner_id = :owner', { owner });
  return keys;
}

/** Runs a query of one of these. */
export async function readKeys(keys: SelectQueryBuilder<ApiKey>): Promise<KeyRows> {
  const { entities, raw } = await keys.getRawAndEntities<RawRow>();
  const rows = entities.map((key, index) => ({
    ...key,
    ...revocationOf(key, raw[index]),
    ...shown(raw[index]),
  }));
  return { rows, now: raw[0]?.now ?? new Date() };
}

/** A key was revoked by the removal of its owner, and its row does not say so yet. */
function revocationOf(key: ApiKey, ended: Removal | undefined): Partial<ApiKey> {
  if (key.revokedAt !== null || !ended?.ended_at) return {};
  return {
    revokedAt: ended.ended_at,
    revokedByUserId: ended.ended_by_user_id,
    revokedByKeyId: ended.ended_by_key_id,
    revokeReason: ended.reason,
  };
}

function shown(row: RawRow | undefined): Omit<KeyRow, keyof ApiKey> {
  return {
    masked: row?.masked ?? '',
    ownerName: row?.owner_name ?? null,
    lastUsedAt: row?.last_used_at ?? null,
    lastUsedIp: row?.last_ip ?? null,
    lastUsedUserAgent: row?.last_user_agent ?? null,
    uses: Number(row?.uses ?? 0),
  };
}
