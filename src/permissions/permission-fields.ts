import { byRules, fieldOfKind, type Rule } from '../common/field.js';
import { Matching, ofText } from '../common/fields.js';
import {
  isReserved,
  isReservedForLater,
  permissionPattern,
  type Permission,
} from './permission.js';

const told = 'must be resource:action with action read, write or admin, such as telemetry:read';

/** A permission. */
export const HasPermission = (about?: string) =>
  Matching<Permission>(permissionPattern, told, about);

const isFree = (isTaken: (permission: Permission) => boolean): Rule => [
  ofText((text) => !isTaken(text as Permission)),
  'is about Keyfence itself and cannot be granted',
];

function grantThat(isTaken: (permission: Permission) => boolean) {
  const { schema } = HasPermission().kind;
  const flaws = byRules([ofText((text) => permissionPattern.test(text)), told], isFree(isTaken));
  return fieldOfKind<Permission>({ schema, flaws });
}

/** A permission on data that somebody has, or may be given. */
export const HasGrant = () => grantThat(isReserved);

/** A permission on data for a new grant. */
export const HasNewGrant = () =>
  grantThat((permission) => isReserved(permission) || isReservedForLater(permission));
