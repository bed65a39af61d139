export const scopes = ['read', 'read-write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export const permissions = ['a:read', 'a:write', 'a:admin', 'b:read', 'b:write'];
/** What every member holds whatever the grants are, and no data-only key. */
export const management = 'keys:read';

const covered = { read: /:read$/, 'read-write': /:(read|write)$/, admin: /./ };

export interface ReferenceUser {
  isActive: boolean;
  isMember: boolean;
  /** Null for all that the organisation has. */
  grants: string[] | null;
}

export interface ReferenceKey {
  owner: ReferenceUser;
  scope: Scope;
  list: string[];
  ip: string | null;
  isRevoked: boolean;
}

/** What the keys of one organisation may do, in as few words as it can be said. */
export class Reference {
  isActive = true;
  grants = [...permissions];
  readonly users = [0, 1, 2].map((): ReferenceUser => ({
    isActive: true,
    isMember: true,
    grants: null,
  }));
  readonly keys: ReferenceKey[] = [];

  holdings(owner: ReferenceUser, scope: Scope): string[] {
    const given = owner.grants ?? this.grants;
    const data = this.grants.filter((one) => given.includes(one) && covered[scope].test(one));
    return [...data, management];
  }

  remove(user: ReferenceUser): void {
    user.isMember = false;
    for (const key of this.keys) if (key.owner === user) key.isRevoked = true;
  }

  decide({ owner, scope, list, ip, isRevoked }: ReferenceKey, permission: string, from: string) {
    if (isRevoked || !this.isActive || !owner.isActive || !owner.isMember) return 'INVALID';
    if (ip !== null && ip !== from) return 'IP_NOT_ALLOWED';
    const held = this.holdings(owner, scope).filter((one) => list.includes(one));
    return held.includes(permission) ? 'VALID' : 'INSUFFICIENT_PERMISSION';
  }
}
