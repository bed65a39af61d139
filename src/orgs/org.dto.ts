import { z } from 'zod';
import { grant, permission } from '../auth/permission.js';
import { committed, exampleOf, pageOf, sampleIds, timestamp } from '../common/answer.js';
import { id, pageQuery, text } from '../common/schema.js';
import type { Organisation } from './organisation.entity.js';

const name = text(100);
/** Data permissions, none of them twice; unlike other lists it may be empty. */
export const grantList = z
  .array(grant)
  .max(200)
  .refine((list) => new Set(list).size === list.length, 'must not contain an entry twice')
  .meta({ uniqueItems: true });

/** A new organisation. */
export const CreateOrg = z
  .strictObject({
    name,
    slug: z
      .string()
      .regex(
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        'must be 1 to 63 lower-case letters, digits and inner hyphens',
      )
      .describe('Short name for URLs and scripts; unique in the installation.'),
    grants: grantList.default([]),
  })
  .meta({
    id: 'CreateOrg',
    examples: [{ name: 'Acme Rockets', slug: 'acme', grants: ['telemetry:read'] }],
  });
export type CreateOrg = z.infer<typeof CreateOrg>;

export const RenameOrg = z
  .strictObject({ name })
  .meta({ id: 'RenameOrg', examples: [{ name: 'Acme Space' }] });
export type RenameOrg = z.infer<typeof RenameOrg>;

export const SetGrants = z
  .strictObject({ grants: grantList })
  .meta({ id: 'SetGrants', examples: [{ grants: ['telemetry:read', 'telemetry:write'] }] });
export type SetGrants = z.infer<typeof SetGrants>;

const days = z.number().int().min(1).max(3_650);
const memberKeys = z
  .enum(['own', 'none'])
  .describe(
    '`own`: members create and manage keys of their own. `none`: they only see and revoke them.',
  );

const defaultExpiryDays = days.describe(
  'Lifetime of a key whose creator names none, in days of 24 hours.',
);
const maxLifetimeDays = days.describe('The longest lifetime of a key, in days of 24 hours.');
const allowNoExpiry = z.boolean().describe('Whether keys may be created that never expire.');

/** The rules for new keys. */
export const PolicyView = z
  .strictObject({ defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys })
  .meta({
    id: 'Policy',
    examples: [
      { defaultExpiryDays: 90, maxLifetimeDays: 365, allowNoExpiry: false, memberKeys: 'own' },
    ],
  });
export type PolicyView = z.infer<typeof PolicyView>;
export const PolicyCommitted = committed(PolicyView);

/** Fields that are left out stay as they are; existing keys do, too. */
export const ChangePolicy = PolicyView.partial().meta({
  id: 'ChangePolicy',
  examples: [{ maxLifetimeDays: 180 }],
});
export type ChangePolicy = z.infer<typeof ChangePolicy>;

export const ListOrgs = pageQuery;
export type ListOrgs = z.infer<typeof ListOrgs>;

export function policyView(org: Organisation): PolicyView {
  const { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys } = org;
  return { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys };
}

export const OrgView = z
  .strictObject({
    id: id('org'),
    name: z.string(),
    slug: z.string(),
    kind: z.enum(['operator', 'customer']).describe('There is one operator organisation.'),
    status: z.enum(['active', 'suspended']),
    grants: z.array(permission),
    policy: PolicyView,
    createdAt: timestamp,
  })
  .meta({
    id: 'Org',
    examples: [
      {
        id: sampleIds.org,
        name: 'Acme Rockets',
        slug: 'acme',
        kind: 'customer',
        status: 'active',
        grants: ['telemetry:read'],
        policy: exampleOf(PolicyView),
        createdAt: '2026-11-02T09:00:00.000Z',
      },
    ],
  });
export type OrgView = z.infer<typeof OrgView>;
export const OrgPage = pageOf(OrgView);
export const OrgCommitted = committed(OrgView);

export function orgView(org: Organisation): OrgView {
  const { id, name, slug, kind, status, grants, createdAt } = org;
  return { id, name, slug, kind, status, grants, policy: policyView(org), createdAt };
}
