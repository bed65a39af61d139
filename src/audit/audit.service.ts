import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { OrgId } from '../common/ids.js';
import { isInstant, readCursor, toPage, type Page, type Position } from '../common/page.js';
import {
  auditEventView,
  ListAuditEvents,
  type AuditEventView,
  type AuditFilters,
} from './audit.dto.js';
import type { AuditEvent } from './audit-event.entity.js';
import { AuditStore } from './audit.store.js';
import { Exports } from './exports.js';

/** Events of an export that are in memory at a time. */
const batch = 500;

const positionOf = ({ at, id }: AuditEvent): Position => ({ value: at.toISOString(), id });

@Injectable()
export class AuditService {
  constructor(
    private readonly store: AuditStore,
    private readonly exports: Exports,
  ) {}

  /**
   * The audit log of one organisation, newest first.
   *
   * @param reader the organisation that the caller belongs to
   */
  async list(orgId: OrgId, reader: OrgId, asked: ListAuditEvents) {
    const { query, after } = readCursor(ListAuditEvents, asked, isInstant);
    const rows = await this.store.list(orgId, query, query.limit + 1, after);
    const view = (event: AuditEvent) => auditEventView(event, reader);
    const page: Page<AuditEventView> = toPage(rows, query, view, positionOf);
    return page;
  }

  /**
   * The same without pages, as JSON lines. The stream fails when the database does: what was sent until
   * then must not look complete.
   *
   * @throws any error that prevents the first events from being read
   */
  async export(orgId: OrgId, reader: OrgId, filters: AuditFilters): Promise<Readable> {
    const read = (after?: Position) => this.store.list(orgId, filters, batch, after);
    return this.exports.start(linesOf(await read(), reader, read), 'audit log');
  }
}

async function* linesOf(
  first: AuditEvent[],
  reader: OrgId,
  read: (after: Position) => Promise<AuditEvent[]>,
) {
  let last: AuditEvent | undefined;
  for (let events = first; ; events = await read(positionOf(last))) {
    last = events.at(-1);
    if (last === undefined) return;
    yield events.map((event) => `${JSON.stringify(auditEventView(event, reader))}\n`).join('');
    if (events.length < batch) return;
  }
}
