import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { foldText } from '../common/fold.js';
import type { Tx } from '../database/transactions.js';
import { ApiKey, KeySecret, type KeyRow } from './api-key.entity.js';
import { readKeys, selectKeys } from './key-rows.js';
import { isUnrevoked } from './key-state.js';
import type { KeyChange } from './narrow.js';

/** The key that a secret belongs to. */
export interface SecretHolder {
  orgId: OrgId;
  keyId: KeyId;
}

/** The database sets times and the revocation. */
type NewRow<T> = Omit<T, 'createdAt' | `revo${string}` | `search${string}`>;

/** The name as searches find it. A trigger adds it where this is missing, for SQL and older nodes. */
const searched = (name: string) => ({ searchName: foldText(name), searchNameOf: name });

export interface Revocation {
  /** Null when somebody revoked it who presented only its secret. */
  byUserId: UserId | null;
  byKeyId: KeyId | null;
  reason: string | null;
}

/** All SQL on keys and their secrets. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

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
    const keys = selectKeys(manager, orgId, owner).andWhere('key.id = :keyId', { keyId });
    const { rows, now } = await readKeys(keys);
    const [key] = rows;
    if (key === undefined) throw new Problem('not_found');
    return { key, now };
  }

  /**
   * @param hashes every hash under which the secret can be stored
   * @returns null when no key has it
   */
  async findBySecret(
    hashes: readonly Buffer[],
    manager: EntityManager,
  ): Promise<SecretHolder | null> {
    const rows = await manager.query<SecretHolder[]>(
      `SELECT k.org_id AS "orgId", k.id AS "keyId"
       FROM key_secrets s JOIN api_keys k ON k.id = s.key_id WHERE s.hash = ANY($1)`,
      [hashes],
    );
    return rows[0] ?? null;
  }

  /** The same, and the secret cannot move to another key until the transaction ends. */
  async holdSecret(tx: Tx, hashes: readonly Buffer[]): Promise<SecretHolder | null> {
    // A statement of its own: after waiting for a row, a statement still joins the old state.
    await tx.query('SELECT FROM key_secrets WHERE hash = ANY($1) FOR SHARE', [hashes]);
    return this.findBySecret(hashes, tx);
  }

  async insert(tx: Tx, key: NewRow<ApiKey>, secret: NewRow<KeySecret>): Promise<void> {
    await tx.insert(ApiKey, { ...key, ...searched(key.name) });
    await tx.insert(KeySecret, secret);
  }

  async update(tx: Tx, orgId: OrgId, keyId: KeyId, change: KeyChange): Promise<void> {
    const folded = change.name === undefined ? {} : searched(change.name);
    await tx.update(ApiKey, { orgId, id: keyId }, { ...change, ...folded });
  }

  /**
   * Revokes those of these keys that are not revoked yet. Their rows are locked.
   *
   * @param owner only keys of this member
   * @returns what became of each key; nothing of those that there are not
   */
  async revokeThese(
    tx: Tx,
    orgId: OrgId,
    keyIds: readonly KeyId[],
    owner: UserId | undefined,
    { byUserId, byKeyId, reason }: Revocation,
  ): Promise<Map<KeyId, 'revoked' | 'already_revoked'>> {
    const rows = await tx.query<{ id: KeyId; wasRevoked: boolean }[]>(
      `WITH found AS (
         SELECT k.id, NOT ${isUnrevoked('k')} AS was_revoked FROM api_keys k
         WHERE k.org_id = $1 AND k.id = ANY($2) AND ($3::text IS NULL OR k.owner_id = $3)
       ), revoked AS (
         UPDATE api_keys k SET revoked_at = now(), revoked_by_user_id = $4, revoked_by_key_id = $5,
           revoke_reason = $6
         FROM found WHERE k.id = found.id AND NOT found.was_revoked
       )
       SELECT id, was_revoked AS "wasRevoked" FROM found`,
      [orgId, keyIds, owner ?? null, byUserId, byKeyId, reason],
    );
    return new Map(
      rows.map(({ id, wasRevoked }) => [id, wasRevoked ? 'already_revoked' : 'revoked']),
    );
  }

  /** Those of these keys that there are. @param owner only keys of this member */
  async visible(
    tx: Tx,
    orgId: OrgId,
    keyIds: readonly KeyId[],
    owner: UserId | undefined,
  ): Promise<KeyId[]> {
    const rows = await tx.query<{ id: KeyId }[]>(
      `SELECT id FROM api_keys
       WHERE org_id = $1 AND id = ANY($2) AND ($3::text IS NULL OR owner_id = $3)`,
      [orgId, keyIds, owner ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Revokes a key.
   *
   * @returns false when it was revoked already
   */
  async revoke(
    tx: Tx,
    orgId: OrgId,
    keyId: KeyId,
    { byUserId, byKeyId, reason }: Revocation,
  ): Promise<boolean> {
    const [, revoked] = await tx.query<[unknown[], number]>(
      `UPDATE api_keys k SET revoked_at = now(), revoked_by_user_id = $3, revoked_by_key_id = $4,
         revoke_reason = $5
       WHERE org_id = $1 AND id = $2 AND ${isUnrevoked('k')}`,
      [orgId, keyId, byUserId, byKeyId, reason],
    );
    return revoked > 0;
  }

  /** Active keys of the operator organisation that end within these days, the first ones first. */
  endingOfOperators(
    days: number,
    limit: number,
  ): Promise<Pick<ApiKey, 'id' | 'name' | 'expiresAt'>[]> {
    return this.dataSource.query<Pick<ApiKey, 'id' | 'name' | 'expiresAt'>[]>(
      `SELECT k.id, k.name, k.expires_at AS "expiresAt"
       FROM api_keys k JOIN organisations o ON o.id = k.org_id
       WHERE o.kind = 'operator' AND ${isUnrevoked('k')}
         AND k.expires_at > now() AND k.expires_at < now() + make_interval(days => $1)
       ORDER BY k.expires_at, k.id LIMIT $2`,
      [days, limit],
    );
  }
}
