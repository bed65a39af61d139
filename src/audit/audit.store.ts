import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrgId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { AuditFilters } from './audit.dto.js';
import { AuditEvent } from './audit-event.entity.js';
import { genesis, type ChainHead } from './chain.js';

/** Reads of the audit log. */
@Injectable()
export class AuditStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Events of one organisation, newest first, `count` at the most. */
  list(
    orgId: OrgId,
    filters: AuditFilters,
    count: number,
    after: Position | undefined,
  ): Promise<AuditEvent[]> {
    const { actor, action, target, from, to } = filters;
    const events = this.dataSource
      .createQueryBuilder(AuditEvent, 'event')
      .where('event.orgId = :orgId', { orgId })
      .orderBy('event.at', 'DESC')
      .addOrderBy('event.id', 'DESC')
      .limit(count);
    if (actor?.startsWith('usr')) events.andWhere('event.actorUserId = :actor', { actor });
    else if (actor !== undefined) events.andWhere('event.actorKeyId = :actor', { actor });
    if (action) events.andWhere('event.action = :action', { action });
    if (target) events.andWhere('event.targetId = :target', { target });
    if (from) events.andWhere('event.at >= :from', { from });
    if (to) events.andWhere('event.at < :to', { to });
    if (after) events.andWhere('(event.at, event.id) < (:value, :id)', { ...after });
    return events.getMany();
  }

  /** The head of the chain over the events of all organisations. */
  async chainHead(): Promise<ChainHead> {
    const rows: { seq: string; hash: string }[] = await this.dataSource.query(
      `SELECT seq, encode(hash, 'hex') AS hash FROM audit_chain ORDER BY seq DESC LIMIT 1`,
    );
    return rows[0] === undefined ? genesis : { seq: Number(rows[0].seq), hash: rows[0].hash };
  }
}
