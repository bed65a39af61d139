import { isId, type KeyId, type OrgId, type SessionId, type UserId } from '../common/ids.js';
import type { Permission, Role, Scope } from './permission.js';

/** What authenticates a request: an API key, or a session of the console. */
export type CredentialId = KeyId | SessionId;

/** The principal of a request: a key, its owner, and what both together may do at this moment. */
export interface Principal<Id extends CredentialId = CredentialId> {
  /** A session appears here as a key of scope admin with no other restriction. */
  readonly key: {
    readonly id: Id;
    readonly name: string;
    readonly scope: Scope;
    /** The key's own list; null when it has none. */
    readonly permissions: readonly Permission[] | null;
    /** False for a data-only key, which holds no management permission. */
    readonly management: boolean;
    /** CIDR ranges; null when the key may be used from everywhere. */
    readonly allowedIps: readonly string[] | null;
    /** Milliseconds since 1970; null when the key does not expire. */
    readonly expiresAt: number | null;
  };
  readonly owner: { readonly id: UserId; readonly name: string };
  readonly org: { readonly id: OrgId; readonly name: string };
  readonly role: Role;
  /** The owner's own grants in the organisation; null when they inherit all of its grants. */
  readonly grants: readonly Permission[] | null;
  /** The effective permissions: only they decide what the request may do. */
  readonly permissions: ReadonlySet<Permission>;
}

/** The key of a request, for records; null in a session of the console. */
export function keyIdOf({ key }: Principal): KeyId | null {
  return isId('key', key.id) ? key.id : null;
}
