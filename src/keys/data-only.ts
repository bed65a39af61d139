import { refuse, type Decision } from '../common/errors.js';
import { canHold, covers, type Permission, type Scope } from '../permissions/permission.js';

/** What decides which permissions a key can hold at all. */
interface Limits {
  scope: Scope;
  management: boolean;
}

/** How a refusal names such a key. */
export function nameOf({ scope, management }: Limits): string {
  return management ? `A ${scope} key` : `A data-only ${scope} key`;
}

/** The refusal of a permission that a key with these limits cannot hold. */
export function refuseOutside(limits: Limits, permission: Permission): Decision<never> {
  const { scope, management } = limits;
  // Of a management permission that no key of this scope holds, the scope is the simpler reason.
  const name = covers(scope, permission) ? nameOf({ scope, management }) : `A ${scope} key`;
  return refuse('permission_outside_scope', `${name} cannot hold ${permission}.`);
}

/** What a key without a list holds at this moment, as a list. */
export function listOf(limits: Limits, ownerHolds: ReadonlySet<Permission>): Permission[] {
  return [...ownerHolds].filter((permission) => canHold(limits, permission));
}
