export const scopes = ['read', 'read-write', 'admin'] as const;
/** How much a key may do: each scope covers what the one before it covers. */
export type Scope = (typeof scopes)[number];

export const actions = ['read', 'write', 'admin'] as const;
type Action = (typeof actions)[number];

/** `resource:action`. There is no wildcard, and no action implies another. */
export type Permission = `${string}:${Action}`;

export const roles = ['manager', 'member'] as const;
export type Role = (typeof roles)[number];

/** What each management permission allows. */
export const managementPermissions = {
  'keys:read': 'list and read keys',
  'keys:write': 'rename, restrict and revoke keys',
  'keys:admin': 'create keys',
  'members:read': 'see members and service accounts',
  'members:admin': 'add, change and remove members and service accounts',
  'org:read': 'see the organisation and its key policy',
  'org:admin': 'change the name and the key policy of the organisation',
  'audit:read': 'read the audit log',
  'webhooks:read': 'see webhooks and their delivery logs',
  'webhooks:admin': 'create, change, test and remove webhooks',
  'orgs:read': 'see all organisations',
  'orgs:admin':
    'create, suspend and resume organisations, set their grants, and act as manager in each',
  'users:read': 'see all users',
  'users:admin': 'create and deactivate users',
  'verify:read': 'verify keys of every organisation',
} as const satisfies Record<Permission, string>;

/** A permission on Keyfence itself, as opposed to the data of the services that it protects. */
export type ManagementPermission = keyof typeof managementPermissions;

/** Resources of Keyfence itself: no organisation can be granted a permission on them. */
const reservedResources = new Set([
  ...Object.keys(managementPermissions).map((permission) => permission.split(':')[0]),
]);

/** Names that are reserved for future resources of Keyfence. */
export const futureResources: readonly string[] = ['credits', 'limits', 'leaks', 'portal'];

/** The form of a permission. */
export const permissionPattern = /^[a-z][a-z0-9._-]{0,62}:(read|write|admin)$/;

/** Whether the permission is about Keyfence itself. */
export function isReserved(permission: Permission): boolean {
  return reservedResources.has(permission.split(':')[0]);
}

/**
 * Whether the permission is reserved for a future feature. It can no longer be granted. If an
 * organisation was granted it earlier, it is a data permission there.
 */
export function isReservedForLater(permission: Permission): boolean {
  return futureResources.some((resource) => permission.startsWith(`${resource}:`));
}

/** Whether keys of this scope can hold the permission at all. */
export function covers(scope: Scope, permission: Permission): boolean {
  const action = permission.slice(permission.lastIndexOf(':') + 1) as Action;
  return actions.indexOf(action) <= scopes.indexOf(scope);
}

/** Whether a key with these limits can hold the permission at all. A data-only key holds none on Keyfence itself. */
export function canHold(
  { scope, management }: { scope: Scope; management: boolean },
  permission: Permission,
): boolean {
  return covers(scope, permission) && (management || !isReserved(permission));
}

/** Whether the first scope is at most as wide as the second. */
export function isScopeWithin(scope: Scope, limit: Scope): boolean {
  return scopes.indexOf(scope) <= scopes.indexOf(limit);
}
