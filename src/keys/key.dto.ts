import { z } from 'zod';
import { permission, scopes } from '../auth/permission.js';
import { committed, exampleOf, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { cidr, id, pageQuery, text, uniqueList } from '../common/schema.js';
import { isWellFormed } from '../common/secret.js';
import type { KeyRow } from './api-key.entity.js';
import { keyState, keyStates } from './key-state.js';

const keyName = text(100);
const permissions = uniqueList(permission, 200);
const allowedIps = uniqueList(cidr, 100);
const scope = z.enum(scopes);

/** An RFC 3339 instant with an offset, or a date, which means the end of that day in UTC. */
const expiry = z
  .union(
    [
      z.iso.datetime({ offset: true }).transform((value) => new Date(value)),
      z.iso.date().transform((value) => new Date(Date.parse(value) + 24 * 3_600_000)),
    ],
    { error: 'must be a date such as 2027-01-31 or an instant such as 2027-01-31T12:00:00Z' },
  )
  // Later ones are written in a form of their own, which a cursor would not be taken back with.
  .refine((at) => at.getUTCFullYear() < 10_000, 'must be before the year 10000');

/** A new key. */
export const CreateKey = z
  .strictObject({
    name: keyName.describe('The system or workflow that uses the key. It need not be unique.'),
    scope: scope.describe(
      '`read` monitors and queries, `read-write` also records, `admin` also configures.',
    ),
    expiresInDays: z
      .number()
      .int()
      .min(1)
      .max(3_650)
      .optional()
      .describe(
        'Lifetime in days of 24 hours. The default of the policy when no expiry is given. ' +
          'Not together with `expiresAt`.',
      ),
    expiresAt: expiry
      .nullable()
      .optional()
      .describe(
        'When the key stops working: an instant, or a day up to its end in UTC; null never, ' +
          'where the policy allows it.',
      ),
    permissions: permissions.optional().describe('The only permissions that the key can hold.'),
    allowedIps: allowedIps.optional().describe('The only addresses (CIDR) that it works from.'),
    ownerId: id('usr')
      .optional()
      .describe('The member that the key belongs to. The caller when left out.'),
  })
  .refine((body) => body.expiresInDays === undefined || body.expiresAt === undefined, {
    error: 'give expiresInDays or expiresAt, not both',
    path: ['expiresAt'],
  })
  .meta({
    id: 'CreateKey',
    examples: [{ name: 'telemetry collector', scope: 'read', expiresInDays: 90 }],
  });
export type CreateKey = z.infer<typeof CreateKey>;

/** A new name, or narrower limits. Nothing can be widened. */
export const ChangeKey = z
  .strictObject({
    name: keyName.optional(),
    scope: scope.optional(),
    permissions: permissions.optional(),
    allowedIps: allowedIps.optional(),
    expiresAt: expiry.optional().describe('An earlier instant or day, in the future.'),
  })
  .refine((body) => Object.keys(body).length > 0, {
    error: 'must change something',
  })
  .meta({ id: 'ChangeKey', minProperties: 1, examples: [{ allowedIps: ['192.0.2.0/24'] }] });
export type ChangeKey = z.infer<typeof ChangeKey>;

export const RevokeKey = z.strictObject({
  reason: text(200).optional().describe('Why, for the record.'),
});
export type RevokeKey = z.infer<typeof RevokeKey>;

export const ReportKey = z
  .strictObject({
    // One without the right checksum is a mistake that is worth telling.
    key: z
      .string()
      .refine(isWellFormed, 'must be a whole API key')
      .describe('The secret that leaked, whole.'),
  })
  .meta({ id: 'ReportKey', examples: [{ key: 'kf_3vJ8…' }] });
export type ReportKey = z.infer<typeof ReportKey>;

/** The answer to a report: the same whether or not there was such a key. */
export const ReportView = z
  .strictObject({ valid: z.literal(false) })
  .meta({ id: 'Reported', examples: [{ valid: false }] });

export const keySorts = ['created', 'name', 'expires'] as const;

/** Filters and order of the list of keys. */
export const ListKeys = pageQuery.extend({
  state: z.enum(keyStates).optional(),
  owner: id('usr').optional().describe('Only keys of this member.'),
  search: text(100).optional().describe('The beginning of the name, in any letter case.'),
  sort: z.enum(keySorts).default('created'),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .describe('Newest first by `created`, else ascending, when left out.'),
});
export type ListKeys = z.infer<typeof ListKeys>;

/**
 * Who created or revoked a key: a user without a key in the console; both null when it was the service
 * itself.
 */
const by = z.strictObject({
  userId: id('usr').nullable(),
  keyId: id('key').nullable(),
});

/** A key as managers and owners see it: everything but its secret. */
export const KeyView = z
  .strictObject({
    id: id('key'),
    orgId: id('org'),
    ownerId: id('usr'),
    ownerName: z.string().nullable().describe('Null once the owner is no member any more.'),
    name: z.string(),
    scope,
    permissions: z.array(permission).nullable().describe('Null follows the owner.'),
    allowedIps: z.array(z.string()).nullable().describe('CIDR ranges. Null is everywhere.'),
    masked: z.string().describe('Enough of the secret to recognise it.'),
    state: z.enum(keyStates),
    createdAt: timestamp,
    createdBy: by,
    expiresAt: timestamp.nullable().describe('Null never.'),
    lastUsedAt: timestamp
      .nullable()
      .describe('Null before the first use. A use shows some ten seconds later.'),
    lastUsedIp: z.string().nullable().describe('Where from, if known.'),
    lastUsedUserAgent: z.string().nullable().describe('With what, if known.'),
    uses: z.int().nonnegative().describe('How often it was found good.'),
    revokedAt: timestamp.nullable(),
    revokedBy: by
      .nullable()
      .describe('A key without a user is somebody who reported the secret as leaked.'),
    revokeReason: z.string().nullable(),
  })
  .meta({
    id: 'Key',
    examples: [
      {
        id: sampleIds.key,
        orgId: sampleIds.org,
        ownerId: sampleIds.user,
        ownerName: 'Ada Lovelace',
        name: 'telemetry collector',
        scope: 'read',
        permissions: null,
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
    ],
  });
export type KeyView = z.infer<typeof KeyView>;

export function keyView(key: KeyRow, now: Date): KeyView {
  return {
    id: key.id,
    orgId: key.orgId,
    ownerId: key.ownerId,
    ownerName: key.ownerName,
    name: key.name,
    scope: key.scope,
    permissions: key.permissions,
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

export const KeyPage = pageOf(KeyView);
export const KeyCommitted = committed(KeyView);

export const KeyCreated = committed(
  z
    .strictObject({
      key: KeyView,
      secret: z
        .string()
        .optional()
        .describe('What clients send. Only the first answer has it, a repeated one does not.'),
    })
    .meta({ examples: [{ key: exampleOf(KeyView), secret: 'kf_3vJ8…' }] }),
);

/** A live key that a revoked key had created: it may have to go, too. */
const CreatedKey = z.strictObject({
  id: id('key'),
  orgId: id('org'),
  name: z.string(),
  masked: z.string(),
});
export type CreatedKey = z.infer<typeof CreatedKey>;

export function createdKey({ id: keyId, orgId, name, masked }: KeyRow): CreatedKey {
  return { id: keyId, orgId, name, masked };
}

export const KeyRevoked = committed(
  KeyView.extend({
    createdKeys: z
      .array(CreatedKey)
      .describe('Live keys that this key had created: they may have to go, too.'),
  }).meta({
    examples: [
      {
        ...exampleOf(KeyView),
        state: 'revoked',
        revokedAt: '2026-11-05T16:00:00.000Z',
        revokedBy: { userId: sampleIds.user, keyId: sampleIds.key },
        revokeReason: 'laptop lost',
        createdKeys: [],
      },
    ],
  }),
);
