import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission, Scope } from '../auth/permission.js';
import type { KeyId, OrgId, SecretId, UserId } from '../common/ids.js';

@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('text')
  id!: KeyId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  /** The member whose holdings the key draws on; never changes. */
  @Column('text', { name: 'owner_id' })
  ownerId!: UserId;

  @Column('text')
  name!: string;

  @Column('text')
  scope!: Scope;

  /** The key's own list; null follows the owner. */
  @Column('text', { array: true, nullable: true })
  permissions!: Permission[] | null;

  /** CIDR ranges; null is everywhere. */
  @Column('text', { name: 'allowed_ips', array: true, nullable: true })
  allowedIps!: string[] | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('text', { name: 'created_by_user_id', nullable: true })
  createdByUserId!: UserId | null;

  @Column('text', { name: 'created_by_key_id', nullable: true })
  createdByKeyId!: KeyId | null;

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;

  @Column('text', { name: 'revoked_by_user_id', nullable: true })
  revokedByUserId!: UserId | null;

  @Column('text', { name: 'revoked_by_key_id', nullable: true })
  revokedByKeyId!: KeyId | null;

  @Column('text', { name: 'revoke_reason', nullable: true })
  revokeReason!: string | null;
}

/** A key, with what lists show of its secret, its owner and its use. */
export interface KeyRow extends ApiKey {
  masked: string;
  /** Null once they are no member. */
  ownerName: string | null;
  /** Null before the first use. */
  lastUsedAt: Date | null;
  lastUsedIp: string | null;
  lastUsedUserAgent: string | null;
  uses: number;
}

@Entity('key_secrets')
export class KeySecret {
  @PrimaryColumn('text')
  id!: SecretId;

  @Column('text', { name: 'key_id' })
  keyId!: KeyId;

  @Column('bytea')
  hash!: Buffer;

  /** Fingerprint of the hash key that made the hash. */
  @Column('text', { name: 'hash_key' })
  hashKey!: string;

  @Column('text')
  mask!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
