import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyId, OrgId, SecretId, UserId } from '../common/ids.js';
import type { Permission, Scope } from '../permissions/permission.js';

@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('text')
  id!: KeyId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  /** The member whose permissions the key draws on; never changes. */
  @Column('text', { name: 'owner_id' })
  ownerId!: UserId;

  @Column('text')
  name!: string;

  /** The name as searches find it. */
  @Column('text', { name: 'search_name', nullable: true, select: false })
  searchName?: string | null;

  /** The name that `searchName` was made from: if it is another one, a trigger makes it again. */
  @Column('text', { name: 'search_name_of', nullable: true, select: false })
  searchNameOf?: string | null;

  /** What people note about the key, of several lines. */
  @Column('text', { nullable: true })
  description!: string | null;

  /** Words that it is found by, in lower case. */
  @Column('text', { array: true })
  tags!: string[];

  @Column('text')
  scope!: Scope;

  /** The key's own list; null for all that the owner has. */
  @Column('text', { array: true, nullable: true })
  permissions!: Permission[] | null;

  /** False for a data-only key, which holds no management permission. */
  @Column('boolean')
  management!: boolean;

  /** CIDR ranges; null for everywhere. */
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
  /** Null once they are no longer a member. */
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

  /** Fingerprint of the hash key that the hash was made with. */
  @Column('text', { name: 'hash_key' })
  hashKey!: string;

  @Column('text')
  mask!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
