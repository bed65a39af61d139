import type { UserId } from '../common/ids.js';
import { isForeign } from './authorise.js';
import { holdings } from './effective-permissions.js';
import type { OrgFacts } from './facts.js';
import { isUnrestricted, type Giver } from './giving.js';
import type { Role } from './permission.js';
import type { Principal } from './principal.js';

/** The role of a principal in the organisation that it changes: an operator is a manager in each. */
export interface Standing extends Giver {
  readonly principal: Principal;
  readonly userId: UserId;
  readonly role: Role;
}

/**
 * The role and permissions of a principal in an organisation in which it may act.
 *
 * @param org undefined for a request that is about none: then those in its own organisation
 */
export function standingIn(principal: Principal, org: OrgFacts | undefined): Standing {
  const { role, permissions, owner } = principal;
  const me = { principal, userId: owner.id };
  if (org === undefined || !isForeign(principal, org.id)) {
    return { ...me, role, permissions, isUnrestricted: isUnrestricted(principal) };
  }
  // Only callers with `orgs:admin` get here, which only the scope admin covers.
  const asManager = { role: 'manager', grants: null } as const;
  return {
    ...me,
    role: asManager.role,
    permissions: holdings(org, asManager),
    isUnrestricted: true,
  };
}
