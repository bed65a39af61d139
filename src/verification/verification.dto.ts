import { z } from 'zod';
import { permission, scopes } from '../auth/permission.js';
import type { Principal } from '../auth/principal.js';
import type { KeyId } from '../common/ids.js';
import { authSeq, exampleOf, sampleIds, timestamp } from '../common/answer.js';
import { id } from '../common/schema.js';

/** A key that somebody presented to a protected service. */
export const VerifyKey = z
  .strictObject({
    key: z
      .string()
      .describe('What the client presented. Whatever is no key is `INVALID`, and no mistake.'),
    permission: permission.optional().describe('A permission that the key must hold.'),
    ip: z
      .union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' })
      .optional()
      .describe('The address of that client. Keys with an IP list are refused without it.'),
    userAgent: z.string().optional().describe('The User-Agent of that client.'),
  })
  .meta({
    id: 'VerifyKey',
    examples: [{ key: 'kf_3vJ8…', permission: 'telemetry:read', ip: '192.0.2.7' }],
  });
export type VerifyKey = z.infer<typeof VerifyKey>;

/** The ids of a good key, and what it may do. */
const KeyFacts = z
  .strictObject({
    keyId: id('key'),
    orgId: id('org'),
    ownerId: id('usr'),
    scope: z.enum(scopes),
    permissions: z.array(permission).describe('All that the key may do now, sorted.'),
    expiresAt: timestamp.nullable().describe('Null never.'),
  })
  .meta({
    examples: [
      {
        keyId: sampleIds.key,
        orgId: sampleIds.org,
        ownerId: sampleIds.user,
        scope: 'read',
        permissions: ['telemetry:read'],
        expiresAt: '2027-01-31T09:30:00.000Z',
      },
    ],
  });

export function keyFacts({ key, org, owner, permissions }: Principal): z.infer<typeof KeyFacts> {
  return {
    // Sessions do not come here: they are not open to `any-key`.
    keyId: key.id as KeyId,
    orgId: org.id,
    ownerId: owner.id,
    scope: key.scope,
    permissions: [...permissions].sort(),
    expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt),
  };
}

const GoodKey = KeyFacts.extend({ valid: z.literal(true), code: z.literal('VALID'), authSeq });
const RefusedKey = z.strictObject({
  valid: z.literal(false),
  code: z.enum(['INVALID', 'INSUFFICIENT_PERMISSION', 'IP_NOT_ALLOWED']),
  authSeq,
});

export const VerificationView = z.discriminatedUnion('valid', [GoodKey, RefusedKey]).meta({
  id: 'Verification',
  examples: [
    { valid: true, code: 'VALID', authSeq: 1042, ...exampleOf(KeyFacts) },
    { valid: false, code: 'INVALID', authSeq: 1042 },
  ],
});
export type VerificationView = z.infer<typeof VerificationView>;

/** What a key learns of itself. */
export const WhoamiView = KeyFacts.extend({
  keyName: z.string(),
  orgName: z.string(),
  ownerName: z.string(),
  authSeq,
}).meta({
  id: 'Whoami',
  examples: [
    {
      ...exampleOf(KeyFacts),
      keyName: 'telemetry collector',
      orgName: 'Acme Rockets',
      ownerName: 'Ada Lovelace',
      authSeq: 1042,
    },
  ],
});
export type WhoamiView = z.infer<typeof WhoamiView>;

export function whoamiView(principal: Principal, authSeq: number): WhoamiView {
  return {
    ...keyFacts(principal),
    keyName: principal.key.name,
    orgName: principal.org.name,
    ownerName: principal.owner.name,
    authSeq,
  };
}
