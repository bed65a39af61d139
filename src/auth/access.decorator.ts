import { SetMetadata } from '@nestjs/common';
import type { ManagementPermission } from '../permissions/permission.js';

/** What a route demands of its caller. */
export type Access =
  | { kind: 'public' }
  /** Every valid key. Only the hot routes have it, which are no controllers. */
  | { kind: 'any-key' }
  | { kind: 'session' }
  | { kind: 'permission'; permission: ManagementPermission };

export const ACCESS = Symbol('access');

/** Open to everybody. A test lists all such routes. */
export const Public = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'public' });

/** Open to everybody who is signed in to the console, and to no key. */
export const AnySession = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'session' });

/**
 * Open to keys and sessions that have this permission in the organisation of the path. If the path
 * names none: in the organisation of the key, or among the operators.
 */
export const Requires = (permission: ManagementPermission) =>
  SetMetadata<symbol, Access>(ACCESS, { kind: 'permission', permission });
