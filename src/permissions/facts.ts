import type { Permission, Role, Scope } from '../auth/permission.js';
import type { CredentialId } from '../auth/principal.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';

/** What a verdict needs to know of an organisation, with the policy for its new keys. */
export interface OrgFacts {
  id: OrgId;
  name: string;
  kind: 'operator' | 'customer';
  status: 'active' | 'suspended';
  /** Data permissions that the operator gave the organisation. */
  grants: Permission[];
  /** Whether members may have keys of their own, or only managers. */
  memberKeys: 'own' | 'none';
  defaultExpiryDays: number;
  maxLifetimeDays: number;
  allowNoExpiry: boolean;
}

/** What a verdict needs to know of a user in one organisation. */
export interface MemberFacts {
  id: UserId;
  name: string;
  status: 'active' | 'deactivated';
  role: Role;
  /** Null inherits all grants of the organisation. */
  grants: Permission[] | null;
}

/** What a verdict needs to know of a key, or of a session, which is like one. */
export interface KeyFacts<Id extends CredentialId = KeyId> {
  id: Id;
  ownerId: UserId;
  name: string;
  scope: Scope;
  permissions: Permission[] | null;
  allowedIps: string[] | null;
  /** Milliseconds since 1970, as is `revokedAt`: a Date takes eight times the space of a number. */
  expiresAt: number | null;
  revokedAt: number | null;
}

/** All rows that one verdict depends on. The owner is null once their membership has ended. */
export interface AccessFacts<Id extends CredentialId = KeyId> {
  key: KeyFacts<Id>;
  owner: MemberFacts | null;
  org: OrgFacts;
}
