import type { AuditEventId, KeyId, OrgId, UserId } from '../common/ids.js';

/** What programs can be told of. Names are those of the audit log, where it tells of it, too. */
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

/** Something that happened in an organisation, or a try whether that arrives. */
export interface NewEvent {
  orgId: OrgId;
  type: EventType | 'ping';
  keyId?: KeyId;
  userId?: UserId;
  auditEventId?: AuditEventId;
  /** What else there is to tell; never a secret. */
  details?: object;
  /** The reminder that it is: told once, and only as long as it holds. */
  reminder?: { keyId: KeyId; expiresAt: Date; threshold: number };
}

/** An event as it is told. */
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
