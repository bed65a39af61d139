import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import { newId, type OrgId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
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

/** Writes the audit log. Rows are part of the change that they tell of: no change without its row. */
@Injectable()
export class AuditLog {
  /** @param caller who made the change; null when the service itself did */
  async append(tx: Tx, caller: Caller | null, entries: readonly AuditEntry[]): Promise<void> {
    const by = {
      actorOrgId: caller?.principal.org.id ?? null,
      actorUserId: caller?.principal.owner.id ?? null,
      actorKeyId: caller?.principal.key.id ?? null,
      ip: caller?.origin.ip ?? null,
      userAgent: caller?.origin.userAgent ?? null,
      requestId: caller?.origin.requestId ?? null,
    };
    const rows = entries.map((entry) => ({ ...entry, ...by, id: newId('aud') }));
    // A statement can carry 65,535 parameters.
    for (let start = 0; start < rows.length; start += 1_000) {
      await tx.insert(AuditEvent, rows.slice(start, start + 1_000));
    }
  }
}
