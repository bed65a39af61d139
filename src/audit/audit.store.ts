import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrgId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { ListAuditEvents } from './audit.dto.js';
import { AuditEvent } from './audit-event.entity.js';

/** Reads of the audit log. */
@Injectable()
export class AuditStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Events of one organisation, newest first, one more than the page holds. */
  list(orgId: OrgId, query: ListAuditEvents, after: Position | undefined): Promise<AuditEvent[]> {
    const events = this.dataSource
      .createQueryBuilder(AuditEvent, 'event')
      .where('event.orgId = :orgId', { orgId })
      .orderBy('event.at', 'DESC')
      .addOrderBy('event.id', 'DESC')
      .limit(query.limit + 1);
    if (query.actor?.startsWith('usr')) {
      events.andWhere('event.actorUserId = :actor', { actor: query.actor });
    } else if (query.actor !== undefined) {
      events.andWhere('event.actorKeyId = :actor', { actor: query.actor });
    }
    if (query.action) events.andWhere('event.action = :action', { action: query.action });
    if (query.target) events.andWhere('event.targetId = :target', { target: query.target });
    if (query.from) events.andWhere('event.at >= :from', { from: query.from });
    if (query.to) events.andWhere('event.at < :to', { to: query.to });
    if (after) events.andWhere('(event.at, event.id) < (:value, :id)', { ...after });
    return events.getMany();
  }
}
