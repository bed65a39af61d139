import { Injectable } from '@nestjs/common';
import type { Caller, Origin } from '../auth/caller.js';
import {
  isId,
  newId,
  type AuditEventId,
  type KeyId,
  type OrgId,
  type UserId,
} from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { isEventType, type NewEvent } from '../notifications/events.js';
import { Outbox } from '../notifications/outbox.js';
import { keyIdOf } from '../permissions/principal.js';
import type { AuditAction } from './actions.js';
import { AuditEvent, type AuditedState } from './audit-event.entity.js';

/** One change, as the audit log records it. */
export interface AuditEntry {
  /** The organisation whose log it belongs to. */
  orgId: OrgId;
  action: AuditAction;
  targetId: string;
  before?: AuditedState;
  after?: AuditedState;
}

/** Somebody who presented the secret of a key. Nothing else is known of them. */
interface SecretHolder {
  readonly secretOf: { readonly orgId: OrgId; readonly keyId: KeyId };
  readonly origin: Origin;
}

/** Somebody who signs in or out. They act in no organisation. */
interface SigningPerson {
  readonly userId: UserId;
  readonly origin: Origin;
}

/**
 * Somebody whose change is finished after their request. These are the facts that the request recorded.
 */
export interface RecordedActor {
  readonly recorded: {
    readonly orgId: OrgId | null;
    readonly userId: UserId | null;
    readonly keyId: KeyId | null;
  };
  readonly origin: Origin;
}

/** Who made a change; null when the service itself did. */
type Actor = Caller | SecretHolder | SigningPerson | RecordedActor | null;

function actorIds(actor: Actor) {
  if (actor === null) return { actorOrgId: null, actorUserId: null, actorKeyId: null };
  if ('userId' in actor) {
    return { actorOrgId: null, actorUserId: actor.userId, actorKeyId: null };
  }
  if ('secretOf' in actor) {
    const { orgId, keyId } = actor.secretOf;
    return { actorOrgId: orgId, actorUserId: null, actorKeyId: keyId };
  }
  if ('recorded' in actor) {
    const { orgId, userId, keyId } = actor.recorded;
    return { actorOrgId: orgId, actorUserId: userId, actorKeyId: keyId };
  }
  const { org, owner } = actor.principal;
  return { actorOrgId: org.id, actorUserId: owner.id, actorKeyId: keyIdOf(actor.principal) };
}

/** The events that webhooks receive for a change, if any. */
function toEvents(row: AuditEntry & { id: AuditEventId }): NewEvent[] {
  const { id: auditEventId, orgId, action, targetId, after: details } = row;
  if (!isEventType(action)) return [];
  const target = {
    ...(isId('key', targetId) && { keyId: targetId }),
    ...(isId('usr', targetId) && { userId: targetId }),
  };
  return [{ orgId, type: action, ...target, auditEventId, details }];
}

/**
 * Writes the audit log. Rows are part of the transaction that they record: there is no change without
 * its row, nor without the deliveries to webhooks.
 */
@Injectable()
export class AuditLog {
  constructor(private readonly outbox: Outbox) {}

  /** @param isTold whether webhooks are notified */
  async append(tx: Tx, actor: Actor, entries: readonly AuditEntry[], isTold = true): Promise<void> {
    const by = {
      ...actorIds(actor),
      ip: actor?.origin.ip ?? null,
      userAgent: actor?.origin.userAgent ?? null,
      requestId: actor?.origin.requestId ?? null,
    };
    const rows = entries.map((entry) => ({ ...entry, ...by, id: newId('aud') }));
    // A statement can carry 65,535 parameters.
    for (let start = 0; start < rows.length; start += 1_000) {
      await tx.insert(AuditEvent, rows.slice(start, start + 1_000));
    }
    if (isTold) await this.outbox.append(tx, rows.flatMap(toEvents));
  }
}
