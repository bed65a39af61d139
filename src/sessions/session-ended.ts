import type { AuditEntry } from '../audit/audit-log.js';
import type { OrgId, SessionId, UserId } from '../common/ids.js';

/**
 * The audit row for a session that was ended.
 *
 * @param orgId the operators, to whom users belong
 */
export const sessionEnded = (orgId: OrgId, targetId: SessionId, userId: UserId): AuditEntry => ({
  orgId,
  action: 'session.ended',
  targetId,
  after: { userId },
});
