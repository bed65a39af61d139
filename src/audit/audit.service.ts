import { Injectable } from '@nestjs/common';
import type { OrgId } from '../common/ids.js';
import { decodeCursor, isInstant, toPage, type Page } from '../common/page.js';
import { auditEventView, type AuditEventView, type ListAuditEvents } from './audit.dto.js';
import { AuditStore } from './audit.store.js';

@Injectable()
export class AuditService {
  constructor(private readonly store: AuditStore) {}

  /** The audit log of one organisation, newest first. */
  async list(orgId: OrgId, query: ListAuditEvents): Promise<Page<AuditEventView>> {
    const rows = await this.store.list(orgId, query, decodeCursor(query.cursor, isInstant));
    return toPage(rows, query.limit, auditEventView, ({ at, id }) => ({
      value: at.toISOString(),
      id,
    }));
  }
}
