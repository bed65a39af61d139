import { allow, refuse, type Decision } from '../common/errors.js';

/** How many live keys an organisation and each of its members may have. */
export interface KeyBounds {
  maxKeysPerMember: number;
  maxKeysPerOrg: number;
}

/** How many live keys there are, counted up to the bounds. */
export interface LiveKeys {
  ofOwner: number;
  ofOrg: number;
}

const remedy = 'Revoke keys that are not needed, or ask the operator to raise the bound.';

/** Decides whether there may be one more key. */
export function decideRoom(live: LiveKeys, bounds: KeyBounds): Decision<undefined> {
  const { maxKeysPerMember, maxKeysPerOrg } = bounds;
  if (live.ofOwner >= maxKeysPerMember) {
    const what = `The owner has reached the bound of live keys per member, ${maxKeysPerMember}.`;
    return refuse('too_many_keys', `${what} ${remedy}`);
  }
  if (live.ofOrg >= maxKeysPerOrg) {
    const what = `The organisation has reached its bound of live keys, ${maxKeysPerOrg}.`;
    return refuse('too_many_keys', `${what} ${remedy}`);
  }
  return allow(undefined);
}
