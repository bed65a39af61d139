import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { isInstant, type Position } from '../common/page.js';
import type { Tx } from '../database/transactions.js';
import { ApiKey, KeySecret, type KeyRow } from './api-key.entity.js';
import type { keySorts, ListKeys } from './key.dto.js';
import type { KeyChange } from './narrow.js';

/** Rows, and the time on the database's clock at which their state holds. */
export interface KeyRows {
  rows: KeyRow[];
  now: Date;
}

/** Times and the revocation are the database's to set. */
type NewRow<T> = Omit<T, 'createdAt' | `revo${string}`>;

export interface Revocation {
  /** Null when somebody revoked it who showed no more than its secret. */
  byUserId: UserId | null;
  byKeyId: KeyId | null;
  reason: string | null;
}

interface Sort {
  /** SQL that an index of api_keys is made of. */
  expression: string;
  order: 'ASC' | 'DESC';
  /** The value of `expression` for a row. */
  valueOf: (key: KeyRow) => string;
  /** Whether a text can be such a value. */
  isValue: (value: string) => boolean;
}

interface RawRow {
  masked: string;
  owner_name: string | null;
  last_used_at: Date | null;
  last_ip: string | null;
  last_user_agent: string | null;
  uses: string | null;
  now: Date;
}

export const sorts: Record<(typeof keySorts)[number], Sort> = {
  created: {
    expression: 'key.created_at',
    order: 'DESC',
    valueOf: (key) => key.createdAt.toISOString(),
    isValue: isInstant,
  },
  name: {
    expression: 'lower(key.name) COLLATE "C"',
    order: 'ASC',
    valueOf: (key) => key.name,
    isValue: () => true,
  },
  expires: {
    expression: `coalesce(key.expires_at, 'infinity')`,
    order: 'ASC',
    valueOf: (key) => key.expiresAt?.toISOString() ?? 'infinity',
    isValue: (value) => value === 'infinity' || isInstant(value),
  },
};

const stateConditions = {
  active: `key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())`,
  expired: `key.revoked_at IS NULL AND key.expires_at <= now()`,
  revoked: `key.revoked_at IS NOT NULL`,
};

/** All SQL on keys and their secrets. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Keys of an organisation, one more than the page holds.
   *
   * @param owner only keys of this member
   */
  list(
    orgId: OrgId,
    owner: UserId | undefined,
    query: ListKeys,
    after: Position | undefined,
  ): Promise<KeyRows> {
    const { expression, order: defaultOrder } = sorts[query.sort];
    const order = query.order === undefined ? defaultOrder : query.order === 'asc' ? 'ASC' : 'DESC';
    const keys = this.select(this.dataSource.manager, orgId, owner)
      .addSelect(expression, 'sort_value')
      .orderBy('sort_value', order)
      .addOrderBy('key.id', order)
      .limit(query.limit + 1);
    if (query.owner) keys.andWhere('key.owner_id = :filter', { filter: query.owner });
    if (query.state) keys.andWhere(stateConditions[query.state]);
    if (query.search) {
      // In this collation the names that begin with a text stand between it and the text followed
      // by the greatest character there is, as often as a name can have it.
      keys
        .andWhere('lower(key.name) COLLATE "C" >= lower(:search)', { search: query.search })
        .andWhere(`lower(key.name) COLLATE "C" <= lower(:search) || repeat(U&'\\+10FFFF', 100)`);
    }
    if (after) {
      const operator = order === 'ASC' ? '>' : '<';
      const value = query.sort === 'name' ? 'lower(:value)' : ':value';
      keys.andWhere(`(${expression}, key.id) ${operator} (${value}, :id)`, { ...after });
    }
    return read(keys);
  }

  /**
   * @param owner only a key of this member
   * @throws Problem `not_found`
   */
  async get(
    orgId: OrgId,
    keyId: KeyId,
    owner: UserId | undefined,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<{ key: KeyRow; now: Date }> {
    const keys = this.select(manager, orgId, owner).andWhere('key.id = :keyId', { keyId });
    const { rows, now } = await read(keys);
    const [key] = rows;
    if (key === undefined) throw new Problem('not_found');
    return { key, now };
  }

  /**
   * @param hashes every hash under which the secret can be stored
   * @returns null when no key has it
   */
  async findBySecret(hashes: readonly Buffer[]): Promise<{ orgId: OrgId; keyId: KeyId } | null> {
    const rows = await this.dataSource.query<{ orgId: OrgId; keyId: KeyId }[]>(
      `SELECT k.org_id AS "orgId", k.id AS "keyId"
       FROM key_secrets s JOIN api_keys k ON k.id = s.key_id WHERE s.hash = ANY($1)`,
      [hashes],
    );
    return rows[0] ?? null;
  }

  /**
   * Live keys that were created with this key.
   *
   * @param within this organisation, or all of them, for the eyes of operators alone
   * @param owner only keys of this member
   */
  async createdBy(
    tx: Tx,
    within: OrgId | 'all',
    creator: KeyId,
    owner: UserId | undefined,
  ): Promise<KeyRow[]> {
    const keys = this.select(tx, within, owner)
      .andWhere('key.created_by_key_id = :creator', { creator })
      .andWhere(stateConditions.active)
      .limit(1_000);
    return (await read(keys)).rows;
  }

  async insert(tx: Tx, key: NewRow<ApiKey>, secret: NewRow<KeySecret>): Promise<void> {
    await tx.insert(ApiKey, key);
    await tx.insert(KeySecret, secret);
  }

  async update(tx: Tx, orgId: OrgId, keyId: KeyId, change: KeyChange): Promise<void> {
    await tx.update(ApiKey, { orgId, id: keyId }, change);
  }

  /**
   * Revokes the keys among these that are not revoked yet.
   *
   * @returns the keys that this call revoked
   */
  async revoke(
    tx: Tx,
    orgId: OrgId,
    which: { keyId: KeyId } | { ownerId: UserId },
    { byUserId, byKeyId, reason }: Revocation,
  ): Promise<KeyId[]> {
    const [column, value] =
      'keyId' in which ? (['id', which.keyId] as const) : (['owner_id', which.ownerId] as const);
    const [rows] = await tx.query<[{ id: KeyId }[], number]>(
      `UPDATE api_keys SET revoked_at = now(), revoked_by_user_id = $3, revoked_by_key_id = $4,
         revoke_reason = $5
       WHERE org_id = $1 AND ${column} = $2 AND revoked_at IS NULL RETURNING id`,
      [orgId, value, byUserId, byKeyId, reason],
    );
    return rows.map(({ id }) => id);
  }

  private select(
    manager: EntityManager,
    within: OrgId | 'all',
    owner: UserId | undefined,
  ): SelectQueryBuilder<ApiKey> {
    const keys = manager
      .createQueryBuilder(ApiKey, 'key')
      // The user's own name must not show once the name that the manager gave is gone.
      .addSelect(
        'CASE WHEN membership.user_id IS NOT NULL THEN coalesce(membership.display_name, owner.name) END',
        'owner_name',
      )
      .addSelect('secret.mask', 'masked')
      .addSelect(['usage.last_used_at', 'usage.last_ip', 'usage.last_user_agent', 'usage.uses'])
      .addSelect('now()', 'now')
      .innerJoin('users', 'owner', 'owner.id = key.owner_id')
      .leftJoin(
        'memberships',
        'membership',
        'membership.org_id = key.org_id AND membership.user_id = key.owner_id',
      )
      .innerJoin('key_secrets', 'secret', 'secret.key_id = key.id')
      .leftJoin('key_usage', 'usage', 'usage.key_id = key.id');
    if (within !== 'all') keys.andWhere('key.org_id = :within', { within });
    if (owner !== undefined) keys.andWhere('key.owner_id = :owner', { owner });
    return keys;
  }
}

async function read(keys: SelectQueryBuilder<ApiKey>): Promise<KeyRows> {
  const { entities, raw } = await keys.getRawAndEntities<RawRow>();
  const rows = entities.map((key, index) => ({ ...key, ...shown(raw[index]) }));
  return { rows, now: raw[0]?.now ?? new Date() };
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
