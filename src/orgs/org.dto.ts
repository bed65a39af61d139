import { z } from 'zod';
import { grant } from '../auth/permission.js';
import { pageQuery, text } from '../common/schema.js';
import type { Organisation } from './organisation.entity.js';

const name = text(100);
/** Data permissions, none of them twice; unlike other lists it may be empty. */
export const grantList = z
  .array(grant)
  .max(200)
  .refine((list) => new Set(list).size === list.length, 'must not contain an entry twice');

/** A new organisation. */
export const CreateOrg = z.strictObject({
  name,
  /** Short name for URLs and scripts; unique in the installation. */
  slug: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'must be 1 to 63 lower-case letters, digits and inner hyphens',
    ),
  grants: grantList.default([]),
});
export type CreateOrg = z.infer<typeof CreateOrg>;

export const RenameOrg = z.strictObject({ name });
export type RenameOrg = z.infer<typeof RenameOrg>;

export const SetGrants = z.strictObject({ grants: grantList });
export type SetGrants = z.infer<typeof SetGrants>;

const days = z.number().int().min(1).max(3_650);

/** The rules for new keys. Fields that are left out stay as they are; existing keys do, too. */
export const ChangePolicy = z.strictObject({
  /** Lifetime of a key whose creator names none, in days of 24 hours. */
  defaultExpiryDays: days.optional(),
  /** The longest lifetime of a key, in days of 24 hours. */
  maxLifetimeDays: days.optional(),
  /** Whether keys may be created that never expire. */
  allowNoExpiry: z.boolean().optional(),
  /** `own`: members create and manage keys of their own. `none`: they only see and revoke them. */
  memberKeys: z.enum(['own', 'none']).optional(),
});
export type ChangePolicy = z.infer<typeof ChangePolicy>;

export const ListOrgs = pageQuery;
export type ListOrgs = z.infer<typeof ListOrgs>;

export function policyView(org: Organisation) {
  const { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys } = org;
  return { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys };
}
export type PolicyView = ReturnType<typeof policyView>;

export function orgView(org: Organisation) {
  const { id, name, slug, kind, status, grants, createdAt } = org;
  return { id, name, slug, kind, status, grants, policy: policyView(org), createdAt };
}
export type OrgView = ReturnType<typeof orgView>;
