import type { AuditEntry, RecordedActor } from '../audit/audit-log.js';
import type { Caller } from '../auth/caller.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { keyIdOf } from '../permissions/principal.js';
import type { Standing } from '../permissions/standing.js';

/** If a removal revokes at most so many keys, each has an event; otherwise there is only `member.removed`. */
export const mostEvents = 100;

/** The audit row for a key that was revoked with the others of its owner. */
export function keyRevoked(orgId: OrgId, targetId: KeyId, reason: string | null): AuditEntry {
  return { orgId, action: 'key.revoked', targetId, after: { state: 'revoked', reason } };
}

/** A caller whose change is finished after the call. */
export function recordedActor({ principal, origin }: Caller, me: Standing): RecordedActor {
  const keyId = keyIdOf(me.principal);
  return { recorded: { orgId: principal.org.id, userId: me.userId, keyId }, origin };
}
