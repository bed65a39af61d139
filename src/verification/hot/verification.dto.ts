import { HasPermission } from '../../permissions/permission-fields.js';
import { scopes, type Permission, type Scope } from '../../permissions/permission.js';
import {
  Address,
  Characters,
  Describes,
  IdOf,
  Instant,
  ListOf,
  Literally,
  Nullable,
  OneOf,
  Optional,
} from '../../common/fields.js';
import type { KeyId, OrgId, UserId } from '../../common/ids.js';
import { Alternatives, exampleOf } from '../../common/json-schema.js';
import { AuthSeq, sampleIds } from '../../common/views.js';

/** A key that somebody presented to a protected service. */
@Describes({
  id: 'VerifyKey',
  example: { key: 'kf_3vJ8…', permission: 'telemetry:read', ip: '192.0.2.7' },
})
export class VerifyKey {
  @Characters(
    'What the client presented. If it is no key, it is `INVALID`, and the request is still valid.',
  )
  key!: string;

  @Optional()
  @HasPermission('A permission that the key must hold.')
  permission?: Permission;

  @Optional()
  @Address('The address of that client. Keys with an IP list are refused without it.')
  ip?: string;

  @Optional()
  @Characters('The User-Agent of that client.')
  userAgent?: string;
}

/** The ids of a valid key, and what it may do. */
@Describes({
  example: {
    keyId: sampleIds.key,
    orgId: sampleIds.org,
    ownerId: sampleIds.user,
    scope: 'read',
    permissions: ['telemetry:read'],
    expiresAt: '2027-01-31T09:30:00.000Z',
  },
})
class KeyFacts {
  @IdOf('key')
  keyId!: KeyId;

  @IdOf('org')
  orgId!: OrgId;

  @IdOf('usr')
  ownerId!: UserId;

  @OneOf(scopes)
  scope!: Scope;

  @ListOf(HasPermission(), {}, 'Everything that the key may do now, sorted.')
  permissions!: Permission[];

  @Nullable()
  @Instant('Null never.')
  expiresAt!: Date | null;
}

class GoodKey extends KeyFacts {
  @Literally(true)
  valid!: true;

  @Literally('VALID')
  code!: 'VALID';

  @AuthSeq()
  authSeq!: number;
}

const refusals = ['INVALID', 'INSUFFICIENT_PERMISSION', 'IP_NOT_ALLOWED'] as const;
export type RefusalCode = (typeof refusals)[number];

class RefusedKey {
  @Literally(false)
  valid!: false;

  @OneOf(refusals)
  code!: RefusalCode;

  @AuthSeq()
  authSeq!: number;
}

export type VerificationView = GoodKey | RefusedKey;
export const VerificationView = new Alternatives<VerificationView>(
  'Verification',
  [GoodKey, RefusedKey],
  { valid: true, code: 'VALID', authSeq: 1042, ...exampleOf(KeyFacts) },
);

/** What a key may learn about itself. */
@Describes({
  id: 'Whoami',
  example: {
    ...exampleOf(KeyFacts),
    keyName: 'telemetry collector',
    orgName: 'Acme Rockets',
    ownerName: 'Ada Lovelace',
    authSeq: 1042,
  },
})
export class WhoamiView extends KeyFacts {
  @Characters()
  keyName!: string;

  @Characters()
  orgName!: string;

  @Characters()
  ownerName!: string;

  @AuthSeq()
  authSeq!: number;
}
