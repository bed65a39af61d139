import { covers, isScopeWithin, type Permission, type Scope } from '../auth/permission.js';
import { allow, refuse, type Decision } from '../common/errors.js';
import { isRangeIn } from '../common/ip.js';
import { holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import type { CreateKey } from './key.dto.js';

const day = 24 * 3_600_000;

/** Who issues a key. */
export interface Issuer {
  userId: string;
  /** Effective permissions in the organisation of the new key. */
  permissions: ReadonlySet<Permission>;
  key: {
    scope: Scope;
    permissions: readonly Permission[] | null;
    allowedIps: readonly string[] | null;
  };
}

/** The limits of a new key. */
export interface IssuedLimits {
  scope: Scope;
  permissions: Permission[] | null;
  allowedIps: string[] | null;
  expiresAt: Date | null;
}

/**
 * Decides the limits of a new key. It never holds more than its issuer holds now, whatever its
 * owner is granted later: unless owner and issuer are the same and nothing narrows the issuer,
 * the key gets a list of its own.
 */
export function decideIssue(
  input: CreateKey,
  issuer: Issuer,
  owner: MemberFacts,
  org: OrgFacts,
  now: Date,
): Decision<IssuedLimits> {
  const { scope } = input;
  if (!isScopeWithin(scope, issuer.key.scope)) {
    return refuse('exceeds_issuer', `Your key has the scope ${issuer.key.scope} only.`);
  }
  const permissions = decidePermissions(input, issuer, owner, org);
  if (!permissions.allowed) return permissions;
  const allowedIps = decideAddresses(input, issuer);
  if (!allowedIps.allowed) return allowedIps;
  const expiresAt = decideExpiry(input, org, now);
  if (!expiresAt.allowed) return expiresAt;
  return allow({
    scope,
    permissions: permissions.value,
    allowedIps: allowedIps.value,
    expiresAt: expiresAt.value,
  });
}

function decidePermissions(
  { scope, permissions }: CreateKey,
  issuer: Issuer,
  owner: MemberFacts,
  org: OrgFacts,
): Decision<Permission[] | null> {
  if (permissions !== undefined) {
    const uncovered = permissions.find((permission) => !covers(scope, permission));
    if (uncovered !== undefined) {
      return refuse('permission_outside_scope', `A ${scope} key cannot hold ${uncovered}.`);
    }
    const exceeding = permissions.find((permission) => !issuer.permissions.has(permission));
    if (exceeding !== undefined) {
      return refuse('exceeds_issuer', `You do not hold ${exceeding}.`);
    }
    return allow(permissions);
  }
  if (issuer.userId === owner.id && issuer.key.permissions === null) return allow(null);
  const list = [...holdings(org, owner)].filter(
    (permission) => issuer.permissions.has(permission) && covers(scope, permission),
  );
  if (list.length === 0) {
    return refuse(
      'nothing_to_grant',
      `A ${scope} key can hold nothing that you and its owner both hold.`,
    );
  }
  return allow(list);
}

function decideAddresses({ allowedIps }: CreateKey, issuer: Issuer): Decision<string[] | null> {
  const limit = issuer.key.allowedIps;
  if (allowedIps === undefined) return allow(limit === null ? null : [...limit]);
  const outside = limit && allowedIps.find((range) => !isRangeIn(range, limit));
  if (outside) return refuse('exceeds_issuer', `Your key may not be used from ${outside}.`);
  return allow(allowedIps);
}

function decideExpiry(
  { expiresInDays, expiresAt }: CreateKey,
  org: OrgFacts,
  now: Date,
): Decision<Date | null> {
  if (expiresAt === null) {
    return org.allowNoExpiry
      ? allow(null)
      : refuse('expiry_not_allowed', 'Keys of this organisation must expire.');
  }
  const days = expiresInDays ?? org.defaultExpiryDays;
  const end = expiresAt ?? new Date(now.getTime() + days * day);
  if (end <= now) return refuse('expiry_not_allowed', 'The expiry must be in the future.');
  if (end.getTime() > now.getTime() + org.maxLifetimeDays * day) {
    return refuse(
      'expiry_not_allowed',
      `Keys of this organisation live ${org.maxLifetimeDays} days at most.`,
    );
  }
  return allow(end);
}
