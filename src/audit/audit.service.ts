import { Readable } from 'node:stream';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { OrgId } from '../common/ids.js';
import { decodeCursor, isInstant, toPage, type Page, type Position } from '../common/page.js';
import { Log } from '../telemetry/log.js';
import {
  auditEventView,
  type AuditEventView,
  type AuditFilters,
  type ListAuditEvents,
} from './audit.dto.js';
import type { AuditEvent } from './audit-event.entity.js';
import { AuditStore } from './audit.store.js';

/** Events of an export that are in memory at once. */
const batch = 500;
/** Milliseconds that running exports have left when the service stops. */
const patience = 5_000;

const positionOf = ({ at, id }: AuditEvent): Position => ({ value: at.toISOString(), id });

@Injectable()
export class AuditService implements BeforeApplicationShutdown {
  private readonly exports = new Set<Readable>();

  constructor(
    private readonly store: AuditStore,
    private readonly log: Log,
  ) {}

  /** The audit log of one organisation, newest first. */
  async list(orgId: OrgId, { limit, cursor, ...filters }: ListAuditEvents) {
    const after = decodeCursor(cursor, isInstant);
    const rows = await this.store.list(orgId, filters, limit + 1, after);
    const page: Page<AuditEventView> = toPage(rows, limit, auditEventView, positionOf);
    return page;
  }

  /**
   * The same without pages, as JSON lines. The stream fails when the database does: what was sent
   * until then must not look complete.
   *
   * @throws whatever keeps the first events from being read
   */
  async export(orgId: OrgId, filters: AuditFilters): Promise<Readable> {
    const read = (after?: Position) => this.store.list(orgId, filters, batch, after);
    const stream = Readable.from(linesOf(await read(), read), { objectMode: false });
    this.exports.add(stream);
    stream.on('error', (err) => {
      this.log.logger.error({ err }, 'an export of the audit log broke off');
    });
    return stream.on('close', () => this.exports.delete(stream));
  }

  /** A client that has stopped reading must not keep the service from stopping. */
  beforeApplicationShutdown(): void {
    setTimeout(() => {
      for (const stream of this.exports) stream.destroy(new Error('the service stops'));
    }, patience).unref();
  }
}

async function* linesOf(first: AuditEvent[], read: (after: Position) => Promise<AuditEvent[]>) {
  let last: AuditEvent | undefined;
  for (let events = first; ; events = await read(positionOf(last))) {
    last = events.at(-1);
    if (last === undefined) return;
    yield events.map((event) => `${JSON.stringify(auditEventView(event))}\n`).join('');
    if (events.length < batch) return;
  }
}
