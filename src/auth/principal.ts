import { isId, type KeyId, type OrgId, type SessionId, type UserId } from '../common/ids.js';
import type { ManagementPermission, Permission, Role, Scope } from './permission.js';

/** What authenticates a request: an API key, or a session of the console. */
export type CredentialId = KeyId | SessionId;

/** Who a request is: a key, its owner, and what both together may do at this moment. */
export interface Principal<Id extends CredentialId = CredentialId> {
  /** A session stands here like a key of scope admin that nothing else narrows. */
  readonly key: {
    readonly id: Id;
    readonly name: string;
    readonly scope: Scope;
    /** The key's own list; null when it has none. */
    readonly permissions: readonly Permission[] | null;
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
  /** The effective permissions: nothing else decides what the request may do. */
  readonly permissions: ReadonlySet<Permission>;
}

/** The key that a request was made with, for the record; null in a session of the console. */
export function keyIdOf({ key }: Principal): KeyId | null {
  return isId('key', key.id) ? key.id : null;
}

/** Where a request came from. */
export interface Origin {
  /** The client's address, behind trusted proxies the one that they report. */
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string;
}

/** What makes a repeated call known as such. */
export interface Idempotency {
  /** Chosen by the client. */
  readonly key: string;
  /** SHA-256 of all that must be the same in a repeated call: the route, its ids, the body. */
  readonly fingerprint: Buffer;
  /** Tells the client that the answer is the one of an earlier call. */
  readonly announceReplay: () => void;
}

/** A request that passed the guard. */
export interface Caller {
  readonly principal: Principal;
  readonly origin: Origin;
  /** The permission that the route demanded; null when every good key will do. */
  readonly requires: ManagementPermission | null;
  /** The state of the store that the principal was judged on (see ARCHITECTURE.md). */
  readonly authSeq: number;
  /** Only on creating calls, and only where the client asked for it. */
  readonly idempotency?: Idempotency;
}
