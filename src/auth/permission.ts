import { z } from 'zod';

export const scopes = ['read', 'read-write', 'admin'] as const;
/** How much a key may do: each scope covers what the one before it covers. */
export type Scope = (typeof scopes)[number];

export const actions = ['read', 'write', 'admin'] as const;
export type Action = (typeof actions)[number];

/** `resource:action`. There is no wildcard, and no action implies another. */
export type Permission = `${string}:${Action}`;

export const roles = ['manager', 'member'] as const;
export type Role = (typeof roles)[number];

/** What each management permission allows. */
export const managementPermissions = {
  'keys:read': 'list and read keys',
  'keys:write': 'rename, narrow and revoke keys',
  'keys:admin': 'create keys',
  'members:read': 'see members and service accounts',
  'members:admin': 'add, change and remove members and service accounts',
  'org:read': 'see the organisation and its key policy',
  'org:admin': 'change the name and the key policy of the organisation',
  'audit:read': 'read the audit log',
  'webhooks:read': 'see webhooks and what became of their deliveries',
  'webhooks:admin': 'create, change, test and remove webhooks',
  'orgs:read': 'see all organisations',
  'orgs:admin':
    'create, suspend and resume organisations, set their grants, and act as manager in each',
  'users:read': 'see all users',
  'users:admin': 'create and deactivate users',
  'verify:read': 'verify keys of every organisation',
} as const satisfies Record<Permission, string>;

/** A permission over Keyfence itself, as opposed to the data of the services that it protects. */
export type ManagementPermission = keyof typeof managementPermissions;

/** Resources of Keyfence itself: no organisation can be granted a permission on them. */
const reservedResources = new Set([
  ...Object.keys(managementPermissions).map((permission) => permission.split(':')[0]),
]);

const permissionPattern = /^[a-z][a-z0-9-]{0,62}:(read|write|admin)$/;

export function isPermission(text: string): text is Permission {
  return permissionPattern.test(text);
}

/** Whether the permission is about Keyfence itself. */
export function isReserved(permission: Permission): boolean {
  return reservedResources.has(permission.split(':')[0]);
}

/** Whether keys of this scope can hold the permission at all. */
export function covers(scope: Scope, permission: Permission): boolean {
  const action = permission.slice(permission.lastIndexOf(':') + 1) as Action;
  return actions.indexOf(action) <= scopes.indexOf(scope);
}

/** Whether the first scope is at most as wide as the second. */
export function isScopeWithin(scope: Scope, limit: Scope): boolean {
  return scopes.indexOf(scope) <= scopes.indexOf(limit);
}

/** A permission in a request. */
export const permission = z
  .custom<Permission>(
    (value) => typeof value === 'string' && isPermission(value),
    'must be resource:action with action read, write or admin, such as telemetry:read',
  )
  .meta({ type: 'string', pattern: permissionPattern.source });

/** A permission that an organisation can be granted. */
export const grant = permission.refine((value) => !isReserved(value), {
  error: 'is about Keyfence itself and cannot be granted',
});
