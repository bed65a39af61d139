import { HasGrant, HasNewGrant, HasPermission } from '../permissions/permission-fields.js';
import { isReservedForLater, type Permission } from '../permissions/permission.js';
import {
  Characters,
  Describes,
  Flag,
  IdOf,
  Instant,
  ListOf,
  MailedName,
  Matching,
  Nested,
  OneOf,
  Preset,
  Whole,
} from '../common/fields.js';
import type { OrgId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { PageQuery } from '../common/page.js';
import { committed, pageOf, partialOf, sampleIds } from '../common/views.js';
import type { Organisation } from './organisation.entity.js';

/** A new organisation. */
@Describes({
  id: 'CreateOrg',
  example: { name: 'Acme Rockets', slug: 'acme', grants: ['telemetry:read'] },
})
export class CreateOrg {
  @MailedName(100)
  name!: string;

  @Matching(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits and inner hyphens',
    'Short name for URLs and scripts; unique in the installation.',
  )
  slug!: string;

  @Preset()
  @ListOf(HasNewGrant(), { max: 200, isUnique: true })
  grants: Permission[] = [];
}

@Describes({ id: 'RenameOrg', example: { name: 'Acme Space' } })
export class RenameOrg {
  @MailedName(100)
  name!: string;
}

/** Data permissions, all unique; unlike other lists it may be empty. */
export const Grants = (about?: string) => ListOf(HasGrant(), { max: 200, isUnique: true }, about);

@Describes({ id: 'SetGrants', example: { grants: ['telemetry:read', 'telemetry:write'] } })
export class SetGrants {
  @Grants()
  grants!: Permission[];
}

/** What managers decide about new keys. */
class KeyRules {
  @Whole(1, 3_650, 'The default expiration of a key, in days of 24 hours.')
  defaultExpiryDays!: number;

  @Whole(1, 3_650, 'The longest lifetime of a key, in days of 24 hours.')
  maxLifetimeDays!: number;

  @Flag('Whether keys without an expiry may be created.')
  allowNoExpiry!: boolean;

  @OneOf(
    ['own', 'none'],
    '`own`: members create and manage keys of their own. `none`: they only see and revoke them.',
  )
  memberKeys!: 'own' | 'none';
}

/** Each creation counts the live keys up to the bound, so there has to be a limit. */
const Bound = (about: string) => Whole(1, 100_000, about);

/** How many live keys there may be: those that are neither revoked nor expired. */
@Describes({ id: 'Bounds', example: { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 } })
export class Bounds {
  @Bound('Live keys that one member may have.')
  maxKeysPerMember!: number;

  @Bound('Live keys that all members may have together.')
  maxKeysPerOrg!: number;
}

/** The rules for new keys. */
@Describes({
  id: 'Policy',
  example: {
    defaultExpiryDays: 90,
    maxLifetimeDays: 365,
    allowNoExpiry: false,
    memberKeys: 'own',
    bounds: exampleOf(Bounds),
  },
})
export class PolicyView extends KeyRules {
  @Nested(Bounds, 'Set by operators; no key is created beyond them.')
  bounds!: Bounds;
}
export const PolicyCommitted = committed(PolicyView);

/** Fields that are left out stay as they are; so do existing keys. */
@Describes({ id: 'ChangePolicy', example: { maxLifetimeDays: 180 } })
export class ChangePolicy extends partialOf(KeyRules) {}

export class ListOrgs extends PageQuery {}

export function keyRules(org: Organisation): KeyRules {
  const { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys } = org;
  return { defaultExpiryDays, maxLifetimeDays, allowNoExpiry, memberKeys };
}

export function policyView(org: Organisation): PolicyView {
  const { maxKeysPerMember, maxKeysPerOrg } = org;
  return { ...keyRules(org), bounds: { maxKeysPerMember, maxKeysPerOrg } };
}

@Describes({
  id: 'Org',
  example: {
    id: sampleIds.org,
    name: 'Acme Rockets',
    slug: 'acme',
    kind: 'customer',
    status: 'active',
    grants: ['telemetry:read'],
    reservedGrants: [],
    policy: exampleOf(PolicyView),
    createdAt: '2026-11-02T09:00:00.000Z',
  },
})
export class OrgView {
  @IdOf('org')
  id!: OrgId;

  @Characters()
  name!: string;

  @Characters()
  slug!: string;

  @OneOf(['operator', 'customer'], 'There is one operator organisation.')
  kind!: 'operator' | 'customer';

  @OneOf(['active', 'suspended'])
  status!: 'active' | 'suspended';

  @ListOf(HasPermission())
  grants!: Permission[];

  @ListOf(
    HasPermission(),
    {},
    'Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, ' +
      '`portal`). They work as before, until operators set grants without them; nobody gets ' +
      'such a grant any more.',
  )
  reservedGrants!: Permission[];

  @Nested(PolicyView)
  policy!: PolicyView;

  @Instant()
  createdAt!: Date;
}
export const OrgPage = pageOf(OrgView);
export const OrgCommitted = committed(OrgView);

export function orgView(org: Organisation): OrgView {
  const { id, name, slug, kind, status, grants, createdAt } = org;
  const reservedGrants = grants.filter(isReservedForLater);
  const policy = policyView(org);
  return { id, name, slug, kind, status, grants, reservedGrants, policy, createdAt };
}
