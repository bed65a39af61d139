import { LRUCache } from 'lru-cache';
import { managerPermissions } from './authorise.js';
import type { MemberFacts, OrgFacts } from './facts.js';
import {
  canHold,
  isReserved,
  type ManagementPermission,
  type Permission,
  type Role,
  type Scope,
} from './permission.js';

type Member = Pick<MemberFacts, 'role' | 'grants'>;
type Org = Pick<OrgFacts, 'kind' | 'grants' | 'memberKeys'>;

const operatorManager: readonly ManagementPermission[] = [
  'orgs:read',
  'orgs:admin',
  'users:read',
  'users:admin',
  'verify:read',
];
const operatorMember: readonly ManagementPermission[] = ['orgs:read', 'users:read', 'verify:read'];

/**
 * What a person who gives somebody this role must hold. A member's own keys, and reading the
 * organisation, come with the membership; what operators see of others does not.
 */
export function permissionsGivenWith(
  role: Role,
  { kind }: Pick<Org, 'kind'>,
): readonly ManagementPermission[] {
  const isOperator = kind === 'operator';
  if (role === 'manager') return [...managerPermissions, ...(isOperator ? operatorManager : [])];
  return isOperator ? operatorMember : [];
}

function rolePermissions(org: Org, { role }: Member): ManagementPermission[] {
  const given = permissionsGivenWith(role, org);
  if (role === 'manager') return [...given];
  const ownKeys = org.memberKeys === 'own' ? (['keys:admin'] as const) : [];
  return ['org:read', 'keys:read', 'keys:write', ...ownKeys, ...given];
}

function listHoldings(org: Org, member: Member): Permission[] {
  const data = org.grants.filter(
    (permission) => !isReserved(permission) && (member.grants?.includes(permission) ?? true),
  );
  return [...data, ...rolePermissions(org, member)];
}

/**
 * The permissions of a member: (grants of the organisation ∩ their own grants) ∪ the permissions of
 * their role.
 */
export function holdings(org: Org, member: Member): Set<Permission> {
  return new Set(listHoldings(org, member));
}

/**
 * The permissions of a key: those of its owner ∩ what its scope covers ∩ its own list, if it has one;
 * without those on Keyfence itself, if it is for data only.
 * They follow from rows and are not stored in the database, so that a key follows each change of its owner and
 * organisation at once.
 */
export function effectivePermissions(
  org: Org,
  owner: Member,
  key: { scope: Scope; permissions: readonly Permission[] | null; management: boolean },
): Set<Permission> {
  const effective = new Set<Permission>();
  for (const permission of listHoldings(org, owner)) {
    const isListed = key.permissions?.includes(permission) ?? true;
    if (isListed && canHold(key, permission)) effective.add(permission);
  }
  return effective;
}

/** Sets of permissions by what they contain, sorted. Most keys hold what many others do. */
const sets = new LRUCache<string, ReadonlySet<Permission>>({ max: 1_000 });

/** The same set for the same permissions, so that many keys take the space of one. It is sorted. */
export function shared(permissions: Iterable<Permission>): ReadonlySet<Permission> {
  const sorted = [...permissions].sort();
  const content = sorted.join(' ');
  const known = sets.get(content);
  if (known !== undefined) return known;
  const set: ReadonlySet<Permission> = new Set(sorted);
  sets.set(content, set);
  return set;
}
