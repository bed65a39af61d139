import { SetMetadata } from '@nestjs/common';
import type { ManagementPermission } from './permission.js';

/** What a route demands of whoever calls it. */
export type Access =
  | { kind: 'public' }
  | { kind: 'any-key' }
  | { kind: 'session' }
  | { kind: 'permission'; permission: ManagementPermission };

export const ACCESS = Symbol('access');

/** Open to everybody. A test spells out every route that says so. */
export const Public = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'public' });

/** Open to every key that is good. */
export const AnyKey = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'any-key' });

/** Open to everybody who is signed in to the console, and to no key. */
export const AnySession = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'session' });

/**
 * Open to keys and sessions that hold this permission in the organisation of the path. Where the path
 * names none, in that of the key, or among the operators.
 */
export const Requires = (permission: ManagementPermission) =>
  SetMetadata<symbol, Access>(ACCESS, { kind: 'permission', permission });
