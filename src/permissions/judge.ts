import type { KeyId, OrgId } from '../common/ids.js';
import { isAddressIn } from '../common/ip.js';
import { effectivePermissions, shared } from './effective-permissions.js';
import type { AccessFacts } from './facts.js';
import type { CredentialId, Principal } from './principal.js';

/** Why a key is not valid. Clients learn only `ip_not_allowed` or that it is not valid. */
type Refusal =
  'unknown' | 'revoked' | 'expired' | 'owner_removed' | 'owner_deactivated' | 'org_suspended';

export type KeyDecision<Id extends CredentialId = KeyId> =
  | { good: true; principal: Principal<Id> }
  | { good: false; refusal: Refusal }
  | { good: false; refusal: 'ip_not_allowed'; orgId: OrgId };

function refusalOf({ key, owner, org }: AccessFacts<CredentialId>, now: Date): Refusal | undefined {
  if (key.isRevoked) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= now.getTime()) return 'expired';
  if (owner === null) return 'owner_removed';
  if (owner.status !== 'active') return 'owner_deactivated';
  if (org.status !== 'active') return 'org_suspended';
  return undefined;
}

/**
 * Decides whether a key is valid, and which principal it belongs to. The effective permissions are
 * computed once for the same facts: whatever changes them brings other facts.
 *
 * @param facts undefined for an unknown key
 * @param now the time on the database's clock
 * @param ip the address that the key is used from, if known
 */
export function judge<Id extends CredentialId>(
  facts: AccessFacts<Id> | undefined,
  now: Date,
  ip: string | undefined,
): KeyDecision<Id> {
  if (facts === undefined) return { good: false, refusal: 'unknown' };
  const refusal = refusalOf(facts, now);
  const { key, owner, org } = facts;
  if (refusal !== undefined || owner === null) {
    return { good: false, refusal: refusal ?? 'owner_removed' };
  }
  if (key.allowedIps !== null && !isAddressIn(ip, key.allowedIps)) {
    return { good: false, refusal: 'ip_not_allowed', orgId: org.id };
  }
  const permissions = (key.effective ??= shared(effectivePermissions(org, owner, key)));
  const { role, grants } = owner;
  return { good: true, principal: { key, owner, org, role, grants, permissions } };
}
