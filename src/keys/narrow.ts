import { allow, refuse, type Decision } from '../common/errors.js';
import { isRangeIn } from '../common/ip.js';
import { canHold, isScopeWithin, type Permission, type Scope } from '../permissions/permission.js';
import type { ApiKey } from './api-key.entity.js';
import { refuseOutside } from './data-only.js';
import type { ChangeKey } from './key.dto.js';
import { keyState } from './key-state.js';

type Limits = Pick<ApiKey, 'scope' | 'permissions' | 'management' | 'allowedIps' | 'expiresAt'>;
type Changeable = Pick<ApiKey, 'name' | 'revokedAt'> & Limits;
export type KeyChange = Partial<Pick<ApiKey, 'name' | 'description' | 'tags'> & Limits>;

const refuseWider = (detail: string) => refuse('not_narrower', detail);

/**
 * Decides a change of a key: another name, description or tags, or limits that are nowhere wider than before. A list is cut
 * to what the key can still hold. A first list is cut to what the owner holds: a narrowed key does not
 * grow with its owner.
 *
 * @param ownerHolds what the owner of the key holds at this moment
 */
export function decideNarrow(
  key: Changeable,
  change: ChangeKey,
  now: Date,
  ownerHolds: ReadonlySet<Permission>,
): Decision<KeyChange> {
  const state = keyState(key, now);
  if (state !== 'active') return refuse('key_not_active', `The key is ${state}.`);
  const scope = change.scope ?? key.scope;
  if (!isScopeWithin(scope, key.scope)) {
    return refuseWider(`The scope can only become narrower than ${key.scope}.`);
  }
  const management = change.management ?? key.management;
  if (management && !key.management) return refuseWider('A data-only key remains one.');
  const limits = { scope, management };
  const { permissions, allowedIps, expiresAt } = change;
  const added = permissions?.find((one) => !(key.permissions?.includes(one) ?? true));
  if (added !== undefined) return refuseWider(`The key does not list ${added}.`);
  const impossible = permissions?.find((permission) => !canHold(limits, permission));
  if (impossible !== undefined) return refuseOutside(limits, impossible);
  const outside = allowedIps?.find((range) => key.allowedIps && !isRangeIn(range, key.allowedIps));
  if (outside !== undefined) return refuseWider(`${outside} is outside the addresses of the key.`);
  if (expiresAt && expiresAt <= now) {
    return refuse('expiry_not_allowed', 'The expiry must be in the future.');
  }
  if (expiresAt && key.expiresAt && expiresAt > key.expiresAt) {
    return refuseWider('The expiry can only become earlier.');
  }
  const list = narrowedList(key, change, limits, ownerHolds);
  const isAsBefore = list === undefined && management === key.management;
  const left = list ?? key.permissions ?? [...ownerHolds];
  if (isAsBefore || left.some((permission) => canHold(limits, permission))) {
    return allow(list === undefined ? change : { ...change, permissions: list });
  }
  return refuse('nothing_to_grant', 'The key would hold no permission. To end it, revoke it.');
}

/** The list of the key if it changes; undefined if it stays. */
function narrowedList(
  key: Changeable,
  { permissions }: ChangeKey,
  limits: { scope: Scope; management: boolean },
  ownerHolds: ReadonlySet<Permission>,
): Permission[] | undefined {
  if (permissions !== undefined) {
    return key.permissions === null
      ? permissions.filter((one) => ownerHolds.has(one))
      : permissions;
  }
  const isSame = limits.scope === key.scope && limits.management === key.management;
  if (isSame || key.permissions === null) return undefined;
  const possible = key.permissions.filter((one) => canHold(limits, one));
  return possible.length === key.permissions.length ? undefined : possible;
}
