import { Problem } from '../common/errors.js';
import { managementPermissions, type ManagementPermission, type Permission } from './permission.js';
import type { Principal } from './principal.js';

/** The permissions of a manager in their organisation, besides its data grants. */
export const managerPermissions: readonly ManagementPermission[] = [
  'keys:read',
  'keys:write',
  'keys:admin',
  'members:read',
  'members:admin',
  'org:read',
  'org:admin',
  'audit:read',
  'webhooks:read',
  'webhooks:admin',
];

/** Whether the principal acts in an organisation that is not its own, as only operators can. */
export function isForeign(principal: Principal, orgId: string | undefined): orgId is string {
  return orgId !== undefined && orgId !== principal.org.id;
}

function describe(permission: Permission): string {
  return Object.hasOwn(managementPermissions, permission)
    ? `${permission} (${managementPermissions[permission as ManagementPermission]})`
    : permission;
}

/** The refusal of a valid key without a permission: it names the permission. */
export function insufficientPermission(permission: Permission): Problem {
  return new Problem(
    'insufficient_permission',
    `This needs the permission ${describe(permission)}.`,
    {
      permission,
    },
  );
}

/**
 * Refuses a principal without what a route demands.
 *
 * @param orgId the organisation in the path, if there is one
 * @throws Problem `not_found` for another organisation, so that its existence stays unknown;
 *   `insufficient_permission`
 */
export function authorise(
  principal: Principal,
  requires: ManagementPermission | null,
  orgId: string | undefined,
): void {
  const held = principal.permissions;
  if (isForeign(principal, orgId)) {
    if (!held.has('orgs:admin')) throw new Problem('not_found');
    if (requires !== null && managerPermissions.includes(requires)) return;
  }
  if (requires !== null && !held.has(requires)) throw insufficientPermission(requires);
}
