import { z } from 'zod';
import { permission, scopes } from '../auth/permission.js';
import { cidr, id, pageQuery, text, uniqueList } from '../common/schema.js';
import { isWellFormed } from '../common/secret.js';
import type { KeyRow } from './api-key.entity.js';
import { keyState, keyStates } from './key-state.js';

const keyName = text(100);
const permissions = uniqueList(permission, 200);
const allowedIps = uniqueList(cidr, 100);

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
    /** Names the system or workflow that uses the key; need not be unique. */
    name: keyName,
    /** `read` monitors and queries, `read-write` also records, `admin` also configures. */
    scope: z.enum(scopes),
    /** Lifetime in days of 24 hours. The policy's default when no expiry is given. */
    expiresInDays: z.number().int().min(1).max(3_650).optional(),
    /** The instant or day at which the key stops working; null never, where the policy allows it. */
    expiresAt: expiry.nullable().optional(),
    /** The only permissions that the key can ever hold. */
    permissions: permissions.optional(),
    /** The only addresses (CIDR) that the key works from. */
    allowedIps: allowedIps.optional(),
    /** The member that the key belongs to; the caller when left out. */
    ownerId: id('usr').optional(),
  })
  .refine((body) => body.expiresInDays === undefined || body.expiresAt === undefined, {
    error: 'give expiresInDays or expiresAt, not both',
    path: ['expiresAt'],
  });
export type CreateKey = z.infer<typeof CreateKey>;

/** A new name, or narrower limits. Nothing can be widened. */
export const ChangeKey = z
  .strictObject({
    name: keyName.optional(),
    scope: z.enum(scopes).optional(),
    permissions: permissions.optional(),
    allowedIps: allowedIps.optional(),
    /** An earlier instant or day, in the future. */
    expiresAt: expiry.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, {
    error: 'must change something',
  });
export type ChangeKey = z.infer<typeof ChangeKey>;

export const RevokeKey = z.strictObject({
  /** Why, for the record. */
  reason: text(200).optional(),
});
export type RevokeKey = z.infer<typeof RevokeKey>;

export const ReportKey = z.strictObject({
  /** The secret that leaked. One without the right checksum is a mistake that is worth telling. */
  key: z.string().refine(isWellFormed, 'must be a whole API key'),
});
export type ReportKey = z.infer<typeof ReportKey>;

export const keySorts = ['created', 'name', 'expires'] as const;

/** Filters and order of the list of keys. */
export const ListKeys = pageQuery.extend({
  state: z.enum(keyStates).optional(),
  owner: id('usr').optional(),
  /** The beginning of the name, in any letter case. */
  search: text(100).optional(),
  sort: z.enum(keySorts).default('created'),
  /** Newest first by `created`, else ascending, when left out. */
  order: z.enum(['asc', 'desc']).optional(),
});
export type ListKeys = z.infer<typeof ListKeys>;

/** A key as managers and owners see it: everything but its secret. */
export function keyView(key: KeyRow, now: Date) {
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
    /** Not recorded yet. */
    lastUsedAt: null,
    revokedAt: key.revokedAt,
    revokedBy:
      key.revokedAt === null ? null : { userId: key.revokedByUserId, keyId: key.revokedByKeyId },
    revokeReason: key.revokeReason,
  };
}
export type KeyView = ReturnType<typeof keyView>;

/** A live key that a revoked key had created: it may have to go, too. */
export function createdKey({ id, orgId, name, masked }: KeyRow) {
  return { id, orgId, name, masked };
}
export type CreatedKey = ReturnType<typeof createdKey>;
