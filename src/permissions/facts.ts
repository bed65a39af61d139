import type { KeyId, OrgId, UserId } from '../common/ids.js';
import type { Permission, Role, Scope } from './permission.js';
import type { CredentialId } from './principal.js';

/** The facts about an organisation that a decision needs, with the policy for its new keys. */
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

/** The facts about a user in one organisation that a decision needs. */
export interface MemberFacts {
  id: UserId;
  name: string;
  status: 'active' | 'deactivated';
  role: Role;
  /** Null inherits all grants of the organisation. */
  grants: Permission[] | null;
}

/** The facts about a key that a decision needs, or about a session, which is like one. */
export interface KeyFacts<Id extends CredentialId = KeyId> {
  id: Id;
  ownerId: UserId;
  name: string;
  scope: Scope;
  permissions: Permission[] | null;
  /** False for a data-only key, which holds no management permission. */
  management: boolean;
  allowedIps: string[] | null;
  /** Milliseconds since 1970: a Date takes eight times the space of a number. */
  expiresAt: number | null;
  isRevoked: boolean;
}

/** All rows that one decision depends on. The owner is null once their membership has ended. */
export interface AccessFacts<Id extends CredentialId = KeyId> {
  key: KeyFacts<Id> & Derived;
  owner: MemberFacts | null;
  org: OrgFacts;
}

/** What was computed from facts that never change, and is stored with them. */
export interface Derived {
  /** The effective permissions; undefined until the first decision. */
  effective?: ReadonlySet<Permission> | undefined;
}
