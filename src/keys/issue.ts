import { allow, refuse, type Decision } from '../common/errors.js';
import { isRangeIn } from '../common/ip.js';
import { holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import { canHold, isScopeWithin, type Permission, type Scope } from '../permissions/permission.js';
import { keyIdOf } from '../permissions/principal.js';
import type { Standing } from '../permissions/standing.js';
import { nameOf, refuseOutside } from './data-only.js';
import type { CreateKey } from './key.dto.js';

const day = 24 * 3_600_000;

/** The issuer of a key. */
export interface Issuer {
  userId: string;
  /** Effective permissions in the organisation of the new key. */
  permissions: ReadonlySet<Permission>;
  key: {
    scope: Scope;
    permissions: readonly Permission[] | null;
    management: boolean;
    allowedIps: readonly string[] | null;
    /** Milliseconds since 1970; null for a key without an expiry, and for a session. */
    expiresAt: number | null;
  };
}

/** The caller in an organisation, as an issuer. A session ends within hours, and limits no expiry. */
export function issuerOf({ userId, permissions, principal }: Standing): Issuer {
  const { key } = principal;
  const expiresAt = keyIdOf(principal) === null ? null : key.expiresAt;
  return { userId, permissions, key: { ...key, expiresAt } };
}

/** The limits of a new key. */
export interface IssuedLimits {
  scope: Scope;
  permissions: Permission[] | null;
  management: boolean;
  allowedIps: string[] | null;
  expiresAt: Date | null;
}

/**
 * Decides the limits of a new key. It never holds more than its issuer holds now, whatever its owner is
 * granted later: unless owner and issuer are the same and nothing restricts the issuer, the key gets a
 * list of its own. Nor does it outlive the key that creates it.
 */
export function decideIssue(
  input: CreateKey,
  issuer: Issuer,
  owner: MemberFacts,
  org: OrgFacts,
  now: Date,
): Decision<IssuedLimits> {
  const { scope, management = true } = input;
  if (!isScopeWithin(scope, issuer.key.scope)) {
    return refuse('exceeds_issuer', `Your key has the scope ${issuer.key.scope} only.`);
  }
  if (management && !issuer.key.management) {
    return refuse('exceeds_issuer', 'Your key is for data only.');
  }
  const permissions = decidePermissions(input, issuer, owner, org);
  if (!permissions.allowed) return permissions;
  const allowedIps = decideAddresses(input, issuer);
  if (!allowedIps.allowed) return allowedIps;
  const expiresAt = decideExpiry(input, issuer, org, now);
  if (!expiresAt.allowed) return expiresAt;
  return allow({
    scope,
    permissions: permissions.value,
    management,
    allowedIps: allowedIps.value,
    expiresAt: expiresAt.value,
  });
}

function decidePermissions(
  { scope, management = true, permissions }: CreateKey,
  issuer: Issuer,
  owner: MemberFacts,
  org: OrgFacts,
): Decision<Permission[] | null> {
  const limits = { scope, management };
  if (permissions !== undefined) {
    const impossible = permissions.find((permission) => !canHold(limits, permission));
    if (impossible !== undefined) return refuseOutside(limits, impossible);
    const exceeding = permissions.find((permission) => !issuer.permissions.has(permission));
    if (exceeding !== undefined) {
      return refuse('exceeds_issuer', `You do not hold ${exceeding}.`);
    }
    return allow(permissions);
  }
  const list = [...holdings(org, owner)].filter(
    (permission) => issuer.permissions.has(permission) && canHold(limits, permission),
  );
  if (list.length === 0) {
    return refuse(
      'nothing_to_grant',
      `${nameOf(limits)} can hold none of the permissions that both you and its owner hold.`,
    );
  }
  const isOwn = issuer.userId === owner.id && issuer.key.permissions === null;
  return allow(isOwn ? null : list);
}

function decideAddresses({ allowedIps }: CreateKey, issuer: Issuer): Decision<string[] | null> {
  const limit = issuer.key.allowedIps;
  if (allowedIps === undefined) return allow(limit === null ? null : [...limit]);
  const outside = limit && allowedIps.find((range) => !isRangeIn(range, limit));
  if (outside) return refuse('exceeds_issuer', `Your key may not be used from ${outside}.`);
  return allow(allowedIps);
}

/**
 * An expiry that exceeds that of the issuing key by less than this is cut, so that a key can create one
 * like itself.
 */
const leeway = day;

function decideExpiry(
  input: CreateKey,
  issuer: Issuer,
  org: OrgFacts,
  now: Date,
): Decision<Date | null> {
  const wanted = decideByPolicy(input, org, now);
  const limit = issuer.key.expiresAt;
  if (!wanted.allowed || limit === null) return wanted;
  const beyond = (wanted.value?.getTime() ?? Infinity) - limit;
  if (beyond <= 0) return wanted;
  const isDefault = input.expiresInDays === undefined && input.expiresAt === undefined;
  if (isDefault || beyond < leeway) return allow(new Date(limit));
  return refuse(
    'exceeds_issuer',
    `Your key ends at ${new Date(limit).toISOString()}, and no key that it creates may end later. ` +
      'Use a session of the console, or a key without an expiry, for a later one.',
  );
}

function decideByPolicy(
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
