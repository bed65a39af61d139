import { z } from 'zod';
import { id, instant, pageQuery } from '../common/schema.js';
import { auditActions } from './actions.js';
import type { AuditEvent } from './audit-event.entity.js';

const actor = z.union([id('usr'), id('key')], { error: 'must be an id such as usr_… or key_…' });
const target = z.union([id('org'), id('usr'), id('key')], {
  error: 'must be an id such as org_…, usr_… or key_…',
});

/** Filters of the audit log; all that are given must hold. */
export const AuditFilters = z.strictObject({
  /** The user or the key that acted. */
  actor: actor.optional(),
  action: z.enum(auditActions).optional(),
  /** The organisation, user or key that was changed. */
  target: target.optional(),
  /** The first instant that is still of interest (RFC 3339). */
  from: instant.optional(),
  /** The first instant that is of no interest any more (RFC 3339). */
  to: instant.optional(),
});
export type AuditFilters = z.infer<typeof AuditFilters>;

export const ListAuditEvents = pageQuery.extend(AuditFilters.shape);
export type ListAuditEvents = z.infer<typeof ListAuditEvents>;

/** One row of the audit log. */
export function auditEventView(event: AuditEvent) {
  const { id: eventId, at, action, targetId, before, after, ip, userAgent, requestId } = event;
  const actor =
    event.actorKeyId === null
      ? { kind: 'system' as const, orgId: null, userId: null, keyId: null }
      : {
          kind: event.actorUserId === null ? ('secret_holder' as const) : ('key' as const),
          orgId: event.actorOrgId,
          userId: event.actorUserId,
          keyId: event.actorKeyId,
        };
  return { id: eventId, at, actor, action, targetId, before, after, ip, userAgent, requestId };
}
export type AuditEventView = ReturnType<typeof auditEventView>;
