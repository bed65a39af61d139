import type { AuditEventId, KeyId, OrgId, UserId } from '../common/ids.js';

/** The events that webhooks can receive. Names are those of the audit log, if it records them. */
export const eventTypes = [
  'key.created',
  'key.revoked',
  'key.expiring',
  'key.expired',
  'member.removed',
  'org.suspended',
] as const;
export type EventType = (typeof eventTypes)[number];

export function isEventType(name: string): name is EventType {
  return (eventTypes as readonly string[]).includes(name);
}

/** Something that happened in an organisation, or a test event. */
export interface NewEvent {
  orgId: OrgId;
  type: EventType | 'ping';
  keyId?: KeyId;
  userId?: UserId;
  auditEventId?: AuditEventId;
  /** Further fields of the event; never a secret. */
  details?: object;
  /** The reminder of this event: sent once, and only if it is still true. */
  reminder?: { keyId: KeyId; expiresAt: Date; threshold: number };
}

/** An event in the form in which it is sent. */
export interface TellableEvent {
  type: NewEvent['type'];
  data: {
    orgId: OrgId;
    keyId: KeyId | null;
    userId: UserId | null;
    auditEventId: AuditEventId | null;
    details: object;
  };
}

export function tellable(event: NewEvent): TellableEvent {
  const { type, orgId, keyId = null, userId = null, auditEventId = null, details = {} } = event;
  return { type, data: { orgId, keyId, userId, auditEventId, details } };
}
