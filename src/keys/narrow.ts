import { covers, isScopeWithin } from '../auth/permission.js';
import { allow, refuse, type Decision } from '../common/errors.js';
import { isRangeIn } from '../common/ip.js';
import type { ApiKey } from './api-key.entity.js';
import type { ChangeKey } from './key.dto.js';
import { keyState } from './key-state.js';

type Changeable = Pick<
  ApiKey,
  'name' | 'scope' | 'permissions' | 'allowedIps' | 'expiresAt' | 'revokedAt'
>;
export type KeyChange = Partial<
  Pick<ApiKey, 'name' | 'scope' | 'permissions' | 'allowedIps' | 'expiresAt'>
>;

const refuseWider = (detail: string) => refuse('not_narrower', detail);

/** Decides a change of a key: another name, or limits that are nowhere wider than before. */
export function decideNarrow(key: Changeable, change: ChangeKey, now: Date): Decision<KeyChange> {
  const state = keyState(key, now);
  if (state !== 'active') return refuse('key_not_active', `The key is ${state}.`);
  const scope = change.scope ?? key.scope;
  if (!isScopeWithin(scope, key.scope)) {
    return refuseWider(`The scope can only become narrower than ${key.scope}.`);
  }
  const { permissions, allowedIps, expiresAt } = change;
  const added = permissions?.find((one) => !(key.permissions?.includes(one) ?? true));
  if (added !== undefined) return refuseWider(`The key does not list ${added}.`);
  const uncovered = permissions?.find((permission) => !covers(scope, permission));
  if (uncovered !== undefined) {
    return refuse('permission_outside_scope', `A ${scope} key cannot hold ${uncovered}.`);
  }
  const outside = allowedIps?.find((range) => key.allowedIps && !isRangeIn(range, key.allowedIps));
  if (outside !== undefined) return refuseWider(`${outside} is outside the addresses of the key.`);
  if (expiresAt && expiresAt <= now) {
    return refuse('expiry_not_allowed', 'The expiry must be in the future.');
  }
  if (expiresAt && key.expiresAt && expiresAt > key.expiresAt) {
    return refuseWider('The expiry can only become earlier.');
  }
  return allow(change);
}
