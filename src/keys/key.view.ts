import { HasPermission } from '../permissions/permission-fields.js';
import { scopes, type Permission, type Scope } from '../permissions/permission.js';
import {
  Characters,
  Count,
  Describes,
  Flag,
  IdOf,
  Instant,
  ListOf,
  Literally,
  Nested,
  Nullable,
  OneOf,
  Optional,
} from '../common/fields.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { committed, sampleIds } from '../common/views.js';
import type { KeyRow } from './api-key.entity.js';
import { keyState, keyStates, type KeyState } from './key-state.js';

/** The response to a report: the same whether or not there was such a key. */
@Describes({ id: 'Reported', example: { valid: false } })
export class RevokedBySecret {
  @Literally(false)
  valid!: false;
}

/** Who created or revoked a key. A user without a key: in the console. Both null: the service itself. */
class By {
  @Nullable()
  @IdOf('usr')
  userId!: UserId | null;

  @Nullable()
  @IdOf('key')
  keyId!: KeyId | null;
}

/** A key as managers and owners see it: everything but its secret. */
@Describes({
  id: 'Key',
  example: {
    id: sampleIds.key,
    orgId: sampleIds.org,
    ownerId: sampleIds.user,
    ownerName: 'Ada Lovelace',
    name: 'telemetry collector',
    description: 'Runs on the gateway in hall 3.\nAsk the plant team.',
    tags: ['hall-3', 'production'],
    scope: 'read',
    permissions: null,
    management: false,
    allowedIps: null,
    masked: 'kf_3vJ8…x0Qa',
    state: 'active',
    createdAt: '2026-11-02T09:30:00.000Z',
    createdBy: { userId: sampleIds.user, keyId: sampleIds.key },
    expiresAt: '2027-01-31T09:30:00.000Z',
    lastUsedAt: '2026-11-05T15:58:12.000Z',
    lastUsedIp: '192.0.2.7',
    lastUsedUserAgent: 'telemetry-collector/2.1',
    uses: 4711,
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
  },
})
export class KeyView {
  @IdOf('key')
  id!: KeyId;

  @IdOf('org')
  orgId!: OrgId;

  @IdOf('usr')
  ownerId!: UserId;

  @Nullable()
  @Characters('Null once the owner is no longer a member.')
  ownerName!: string | null;

  @Characters()
  name!: string;

  @Nullable()
  @Characters('Can have several lines.')
  description!: string | null;

  @ListOf(Characters(), {}, 'In lower case.')
  tags!: string[];

  @OneOf(scopes)
  scope!: Scope;

  @Nullable()
  @ListOf(HasPermission(), {}, 'Null for all that the owner has.')
  permissions!: Permission[] | null;

  @Flag('False for a data-only key, which holds no permission on Keyfence itself.')
  management!: boolean;

  @Nullable()
  @ListOf(Characters(), {}, 'CIDR ranges. Null for everywhere.')
  allowedIps!: string[] | null;

  @Characters('Enough of the secret to recognise it.')
  masked!: string;

  @OneOf(keyStates)
  state!: KeyState;

  @Instant()
  createdAt!: Date;

  @Nested(By)
  createdBy!: By;

  @Nullable()
  @Instant('Null never.')
  expiresAt!: Date | null;

  @Nullable()
  @Instant('Null before the first use. A use is shown some ten seconds later.')
  lastUsedAt!: Date | null;

  @Nullable()
  @Characters('Where from, if known.')
  lastUsedIp!: string | null;

  @Nullable()
  @Characters('With what, if known.')
  lastUsedUserAgent!: string | null;

  @Count('How often it was found valid.')
  uses!: number;

  @Nullable()
  @Instant()
  revokedAt!: Date | null;

  @Nullable()
  @Nested(By, 'A key without a user is somebody who reported the secret as leaked.')
  revokedBy!: By | null;

  @Nullable()
  @Characters()
  revokeReason!: string | null;
}

export function keyView(key: KeyRow, now: Date): KeyView {
  return {
    id: key.id,
    orgId: key.orgId,
    ownerId: key.ownerId,
    ownerName: key.ownerName,
    name: key.name,
    description: key.description,
    tags: key.tags,
    scope: key.scope,
    permissions: key.permissions,
    management: key.management,
    allowedIps: key.allowedIps,
    masked: key.masked,
    state: keyState(key, now),
    createdAt: key.createdAt,
    createdBy: { userId: key.createdByUserId, keyId: key.createdByKeyId },
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    lastUsedIp: key.lastUsedIp,
    lastUsedUserAgent: key.lastUsedUserAgent,
    uses: key.uses,
    revokedAt: key.revokedAt,
    revokedBy:
      key.revokedAt === null ? null : { userId: key.revokedByUserId, keyId: key.revokedByKeyId },
    revokeReason: key.revokeReason,
  };
}

export const KeyCommitted = committed(KeyView);

@Describes({ example: { key: exampleOf(KeyView), secret: 'kf_3vJ8…' } })
class KeyWithSecret {
  @Nested(KeyView)
  key!: KeyView;

  @Optional()
  @Characters('What clients send. Only the first response has it, a repeated one does not.')
  secret?: string;
}
export const KeyCreated = committed(KeyWithSecret);

/** A live key that a revoked key had created: it may have to be revoked, too. */
class CreatedKey {
  @IdOf('key')
  id!: KeyId;

  @IdOf('org')
  orgId!: OrgId;

  @Characters()
  name!: string;

  @Characters()
  masked!: string;
}

export class CreatedKeys {
  @Count('How many there are; 100,000 means that many or more.')
  total!: number;

  @ListOf(
    Nested(CreatedKey),
    {},
    'The first 100 of those counted, by creation. The list of keys has all, by `createdBy`.',
  )
  items!: CreatedKey[];
}

@Describes({
  example: {
    ...exampleOf(KeyView),
    state: 'revoked',
    revokedAt: '2026-11-05T16:00:00.000Z',
    revokedBy: { userId: sampleIds.user, keyId: sampleIds.key },
    revokeReason: 'laptop lost',
    createdKeys: { total: 0, items: [] },
  },
})
class RevokedKey extends KeyView {
  @Nested(CreatedKeys, 'Live keys that this key had created: they may have to be revoked, too.')
  createdKeys!: CreatedKeys;
}
export const KeyRevoked = committed(RevokedKey);
