import { SetMetadata } from '@nestjs/common';
import type { ManagementPermission } from './permission.js';

/** What a route demands of whoever calls it. */
export type Access =
  | { kind: 'public' }
  | { kind: 'any-key' }
  | { kind: 'permission'; permission: ManagementPermission };

export const ACCESS = Symbol('access');

/** Open to everybody. A test spells out every route that says so. */
export const Public = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'public' });

/** Open to every key that is good. */
export const AnyKey = () => SetMetadata<symbol, Access>(ACCESS, { kind: 'any-key' });

/**
 * Open to keys that hold this permission in the organisation of the path, or in their own where
 * the path names none.
 */
export const Requires = (permission: ManagementPermission) =>
  SetMetadata<symbol, Access>(ACCESS, { kind: 'permission', permission });
