import { HasPermission } from '../../permissions/permission-fields.js';
import { scopes, type Permission, type Scope } from '../../permissions/permission.js';
import {
  Address,
  AnyObject,
  Characters,
  Describes,
  IdOf,
  Instant,
  ListOf,
  Literally,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Whole,
} from '../../common/fields.js';
import type { KeyId, OrgId, UserId } from '../../common/ids.js';
import { Alternatives, exampleOf, schemaOf } from '../../common/json-schema.js';
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

class GoodResult extends KeyFacts {
  @Literally(true)
  valid!: true;

  @Literally('VALID')
  code!: 'VALID';
}

class GoodKey extends GoodResult {
  @AuthSeq()
  authSeq!: number;
}

const refusals = ['INVALID', 'INSUFFICIENT_PERMISSION', 'IP_NOT_ALLOWED'] as const;
export type RefusalCode = (typeof refusals)[number];

class RefusedResult {
  @Literally(false)
  valid!: false;

  @OneOf(refusals)
  code!: RefusalCode;
}

class RefusedKey extends RefusedResult {
  @AuthSeq()
  authSeq!: number;
}

export type VerificationView = GoodKey | RefusedKey;
export const VerificationView = new Alternatives<VerificationView>(
  'Verification',
  [GoodKey, RefusedKey],
  { valid: true, code: 'VALID', authSeq: 1042, ...exampleOf(KeyFacts) },
);

/** One of the keys that a service asks about at once. Nothing that a client sends makes the call invalid. */
class VerifyBatchQuestion {
  @Characters('What the client presented. If it is no key, the result is `INVALID`.')
  key!: string;

  @Optional()
  @Characters('A permission that the key must hold.')
  permission?: string;

  @Optional()
  @Characters('The address of that client. If it is none, the result is `INVALID`.')
  ip?: string;

  @Optional()
  @Characters('The User-Agent of that client.')
  userAgent?: string;

  @Optional()
  @Whole(1, 10_000, 'How many requests ask exactly this: so many uses are counted. 1 by default.')
  count?: number;
}

/** Several keys that were presented to a protected service. */
@Describes({
  id: 'VerifyBatch',
  example: {
    questions: [
      { key: 'kf_3vJ8…', ip: '192.0.2.7' },
      { key: 'kf_9Qm2…', count: 3 },
    ],
  },
})
export class VerifyBatch {
  @ListOf(Nested(VerifyBatchQuestion), { min: 1, max: 500 })
  questions!: VerifyBatchQuestion[];
}

const goodResult = { valid: true, code: 'VALID', ...exampleOf(KeyFacts) };

@Describes({
  id: 'VerificationBatch',
  example: { authSeq: 1042, results: [goodResult, { valid: false, code: 'INVALID' }] },
})
export class VerificationBatchView {
  @AuthSeq()
  authSeq!: number;

  @ListOf(
    AnyObject<GoodResult | RefusedResult>({
      oneOf: [GoodResult, RefusedResult].map((type) => schemaOf(type)),
    }),
    {},
    'One for each question, in their order, all from one state.',
  )
  results!: (GoodResult | RefusedResult)[];
}

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
