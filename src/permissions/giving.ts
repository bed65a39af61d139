import { allow, refuse, type Decision } from '../common/errors.js';
import { permissionsGivenWith } from './effective-permissions.js';
import type { OrgFacts } from './facts.js';
import { isReserved, type Permission, type Role } from './permission.js';
import type { Principal } from './principal.js';

/** Somebody who gives a role or grants in an organisation, as they are at this moment. */
export interface Giver {
  /** Effective permissions in that organisation. */
  readonly permissions: ReadonlySet<Permission>;
  /**
   * Whether nothing restricts them, so that they follow everything that the organisation is granted
   * later.
   */
  readonly isUnrestricted: boolean;
}

type Grants = readonly Permission[] | null;
type Org = Pick<OrgFacts, 'kind' | 'grants'>;

/** The role and grants of a member in an organisation. */
export interface MemberStanding {
  role: Role;
  /** Null for everything that the organisation has. */
  grants: Permission[] | null;
}

/** If grants are left out, they are those of the giver. */
export type WantedStanding = Pick<MemberStanding, 'role'> & {
  grants?: Permission[] | null | undefined;
};

/** Whether neither a key nor grants restrict somebody in their own organisation. */
export function isUnrestricted({ key, grants }: Pick<Principal, 'key' | 'grants'>): boolean {
  return key.scope === 'admin' && key.management && key.permissions === null && grants === null;
}

/**
 * Decides which role and grants somebody may get in an organisation. Nobody gives a role or a grant
 * that they do not hold. Nobody takes away the role of a manager without holding all of it.
 *
 * @param current their role and grants until now; undefined for somebody new
 */
export function decideStanding(
  wanted: WantedStanding,
  current: MemberStanding | undefined,
  giver: Giver,
  org: Org,
): Decision<MemberStanding> {
  if (wanted.role !== current?.role) {
    const role = decideRoles([wanted.role, current?.role], giver, org);
    if (!role.allowed) return role;
  }
  const grants = decideGrants(wanted.grants, current?.grants, giver, org);
  return grants.allowed ? allow({ role: wanted.role, grants: grants.value }) : grants;
}

/** Decides whether somebody may be removed. For a manager, this needs the right to make one. */
export function decideRemoval(
  { role }: Pick<MemberStanding, 'role'>,
  giver: Giver,
  org: Org,
): Decision<undefined> {
  return decideRoles([undefined, role], giver, org);
}

/**
 * Decides whether an operator may sign in as somebody else, who may hold anything.
 *
 * @param allowedIps of the operator's key
 */
export function decideImpersonation(
  giver: Giver,
  allowedIps: readonly string[] | null,
  operators: Org,
): Decision<undefined> {
  const role = decideRoles(['manager', undefined], giver, operators);
  if (!role.allowed || (giver.isUnrestricted && allowedIps === null)) return role;
  return refuse('exceeds_issuer', 'Only an operator whom nothing restricts can act for others.');
}

/** The role that is given, and the one that is taken away. */
function decideRoles(
  [given, taken]: readonly [Role | undefined, Role | undefined],
  giver: Giver,
  org: Org,
): Decision<undefined> {
  const isManager = given === 'manager' || taken === 'manager';
  const role = isManager ? 'manager' : given;
  const needed = role === undefined ? [] : permissionsGivenWith(role, org);
  const lacking = needed.find((permission) => !giver.permissions.has(permission));
  if (lacking === undefined) return allow(undefined);
  const who = isManager ? 'Managers are made and unmade' : 'Members of the operators are added';
  return refuse(
    'exceeds_issuer',
    `${who} only by those who hold everything that a ${isManager ? 'manager' : 'member'} does. ` +
      `You do not hold ${lacking}.`,
  );
}

/** Whether grants contain the permission; null contains everything that the organisation has. */
const contain = (grants: Grants, permission: Permission) => grants?.includes(permission) ?? true;

/**
 * Grants must be held by the organisation and by the giver. Those that a member has already may stay in
 * the list, also if the giver does not hold them.
 */
function decideGrants(
  wanted: Permission[] | null | undefined,
  current: Grants | undefined,
  giver: Giver,
  org: Org,
): Decision<Permission[] | null> {
  if (wanted === undefined) return allow(giver.isUnrestricted ? null : heldGrants(giver, org));
  if (wanted === null) {
    if (giver.isUnrestricted || current === null) return allow(null);
    return refuse(
      'exceeds_issuer',
      'Only somebody who inherits all grants, and uses no key with a list, can let others inherit them. ' +
        'List the permissions, or leave grants out for those that you hold.',
    );
  }
  const foreign = wanted.find(
    (permission) => !org.grants.includes(permission) && current?.includes(permission) !== true,
  );
  if (foreign !== undefined) {
    return refuse('not_in_grants', `${foreign} is not granted to the organisation.`);
  }
  const exceeding = wanted.find(
    (permission) =>
      !giver.permissions.has(permission) &&
      (current === undefined || !contain(current, permission)),
  );
  if (exceeding !== undefined) return refuse('exceeds_issuer', `You do not hold ${exceeding}.`);
  return allow(wanted);
}

/** What the giver may do with data. */
function heldGrants({ permissions }: Giver, { grants }: Org): Permission[] {
  return grants.filter((permission) => !isReserved(permission) && permissions.has(permission));
}
