import type { Permission } from '../auth/permission.js';
import { allow, refuse, type Decision } from '../common/errors.js';

type Grants = readonly Permission[] | null;

/** Whether grants contain the permission; null contains all that the organisation has. */
const contain = (grants: Grants, permission: Permission) => grants?.includes(permission) ?? true;

/**
 * Decides whether somebody may give a member these grants: only what the organisation has, and of
 * that only what they hold themselves or what the member has already.
 *
 * @param setter the grants of who sets them
 * @param current the grants of the member until now; undefined for a new member
 */
export function decideGrants(
  wanted: Permission[] | null,
  current: Grants | undefined,
  setter: Grants,
  org: readonly Permission[],
): Decision<Permission[] | null> {
  if (wanted === null) {
    if (setter === null || current === null) return allow(null);
    return refuse('exceeds_issuer', 'Only who inherits all grants can let others inherit them.');
  }
  const foreign = wanted.find((permission) => !org.includes(permission));
  if (foreign !== undefined) {
    return refuse('not_in_grants', `${foreign} is not granted to the organisation.`);
  }
  const exceeding = wanted.find(
    (permission) =>
      !contain(setter, permission) && (current === undefined || !contain(current, permission)),
  );
  if (exceeding !== undefined) return refuse('exceeds_issuer', `You do not hold ${exceeding}.`);
  return allow(wanted);
}
