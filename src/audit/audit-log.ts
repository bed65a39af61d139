import { Injectable } from '@nestjs/common';
import { keyIdOf, type Caller, type Origin } from '../auth/principal.js';
import {
  isId,
  newId,
  type AuditEventId,
  type KeyId,
  type OrgId,
  type UserId,
} from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { isEventType, type NewEvent } from '../outbox/events.js';
import { Outbox } from '../outbox/outbox.js';
import type { AuditAction } from './actions.js';
import { AuditEvent, type AuditedState } from './audit-event.entity.js';

/** One change, as the audit log tells it. */
export interface AuditEntry {
  /** The organisation whose log it belongs to. */
  orgId: OrgId;
  action: AuditAction;
  targetId: string;
  before?: AuditedState;
  after?: AuditedState;
}

/** Somebody who acted by showing the secret of a key, and of whom nothing else is known. */
export interface SecretHolder {
  readonly secretOf: { readonly orgId: OrgId; readonly keyId: KeyId };
  readonly origin: Origin;
}

/** Somebody who signs in or out, and acts in no organisation. */
export interface SigningPerson {
  readonly userId: UserId;
  readonly origin: Origin;
}

/** Who made a change; null when the service itself did. */
export type Actor = Caller | SecretHolder | SigningPerson | null;

function actorIds(actor: Actor) {
  if (actor === null) return { actorOrgId: null, actorUserId: null, actorKeyId: null };
  if ('userId' in actor) {
    return { actorOrgId: null, actorUserId: actor.userId, actorKeyId: null };
  }
  if ('secretOf' in actor) {
    const { orgId, keyId } = actor.secretOf;
    return { actorOrgId: orgId, actorUserId: null, actorKeyId: keyId };
  }
  const { org, owner } = actor.principal;
  return { actorOrgId: org.id, actorUserId: owner.id, actorKeyId: keyIdOf(actor.principal) };
}

/** What programs are told of a change, where they are. */
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
 * Writes the audit log. Rows are part of the change that they tell of: no change without its row. Nor
 * is there one without what programs are to be told of it.
 */
@Injectable()
export class AuditLog {
  constructor(private readonly outbox: Outbox) {}

  async append(tx: Tx, actor: Actor, entries: readonly AuditEntry[]): Promise<void> {
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
    await this.outbox.append(tx, rows.flatMap(toEvents));
  }
}
