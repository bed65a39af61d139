import { managerPermissions } from '../auth/authorise.js';
import {
  covers,
  isReserved,
  type ManagementPermission,
  type Permission,
  type Scope,
} from '../auth/permission.js';
import type { MemberFacts, OrgFacts } from './facts.js';

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

function rolePermissions(org: Org, { role }: Member): ManagementPermission[] {
  const isOperator = org.kind === 'operator';
  if (role === 'manager') return [...managerPermissions, ...(isOperator ? operatorManager : [])];
  return [
    'org:read',
    'keys:read',
    'keys:write',
    ...(org.memberKeys === 'own' ? (['keys:admin'] as const) : []),
    ...(isOperator ? operatorMember : []),
  ];
}

function listHoldings(org: Org, member: Member): Permission[] {
  const data = org.grants.filter(
    (permission) => !isReserved(permission) && (member.grants?.includes(permission) ?? true),
  );
  return [...data, ...rolePermissions(org, member)];
}

/**
 * What a member holds: (grants of the organisation ∩ their own grants) ∪ what their role manages.
 */
export function holdings(org: Org, member: Member): Set<Permission> {
  return new Set(listHoldings(org, member));
}

/**
 * What a key may do: the holdings of its owner ∩ what its scope covers ∩ its own list, if it has
 * one. Computed from the current rows each time and never stored, so that a key follows each
 * change of its owner and organisation at once.
 */
export function effectivePermissions(
  org: Org,
  owner: Member,
  key: { scope: Scope; permissions: readonly Permission[] | null },
): Set<Permission> {
  const effective = new Set<Permission>();
  for (const permission of listHoldings(org, owner)) {
    const isListed = key.permissions?.includes(permission) ?? true;
    if (isListed && covers(key.scope, permission)) effective.add(permission);
  }
  return effective;
}
