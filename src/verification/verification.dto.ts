import { z } from 'zod';
import { permission } from '../auth/permission.js';
import type { Principal } from '../auth/principal.js';

/** A key that somebody presented to a protected service. */
export const VerifyKey = z.strictObject({
  /** What the client presented. Whatever is no key is INVALID, and no mistake of the service. */
  key: z.string(),
  /** A permission that the key must hold. */
  permission: permission.optional(),
  /** The address of the client that presented the key; keys with an IP list are refused without. */
  ip: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' }).optional(),
  /** The User-Agent of that client. */
  userAgent: z.string().optional(),
});
export type VerifyKey = z.infer<typeof VerifyKey>;

export type VerificationCode = 'VALID' | 'INVALID' | 'INSUFFICIENT_PERMISSION' | 'IP_NOT_ALLOWED';

/** The ids of a good key, and what it may do. */
export function keyFacts({ key, org, owner, permissions }: Principal) {
  return {
    keyId: key.id,
    orgId: org.id,
    ownerId: owner.id,
    scope: key.scope,
    permissions: [...permissions].sort(),
    expiresAt: key.expiresAt,
  };
}

export type VerificationView =
  | ({ valid: true; code: 'VALID'; authSeq: number } & ReturnType<typeof keyFacts>)
  | { valid: false; code: Exclude<VerificationCode, 'VALID'>; authSeq: number };

/** What a key learns of itself. */
export function whoamiView(principal: Principal, authSeq: number) {
  return {
    ...keyFacts(principal),
    keyName: principal.key.name,
    orgName: principal.org.name,
    ownerName: principal.owner.name,
    authSeq,
  };
}
