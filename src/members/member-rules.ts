import type { AuditEntry } from '../audit/audit-log.js';
import type { KeyId, OrgId } from '../common/ids.js';

/** If a removal revokes at most so many keys, each has an event; otherwise there is only `member.removed`. */
export const mostEvents = 100;

/** The audit row for a key that was revoked with the membership of its owner. */
export function keyRevoked(orgId: OrgId, targetId: KeyId, reason: string): AuditEntry {
  return { orgId, action: 'key.revoked', targetId, after: { state: 'revoked', reason } };
}
