import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrgId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { AuditFilters } from './audit.dto.js';
import { AuditEvent } from './audit-event.entity.js';
import { genesis, type ChainHead } from './chain.js';

/** The end of the chain, and what a node compares it with. */
export interface ChainState {
  head: ChainHead;
  /** The hash of the row that was asked for; null when there is none. */
  earlier: string | null;
  epoch: string;
}

/** Reads of the audit log. */
@Injectable()
export class AuditStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Events of one organisation, newest first, at most `count`. */
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

  /**
   * The head of the chain over the events of all organisations.
   *
   * @param seq of a row whose hash is wanted as well
   */
  async chainHead(seq: number): Promise<ChainState> {
    const rows: {
      seq: string | null;
      hash: string | null;
      earlier: string | null;
      epoch: string;
    }[] = await this.dataSource.query(
      `SELECT last.seq, encode(last.hash, 'hex') AS hash, encode(row.hash, 'hex') AS earlier, h.epoch
         FROM public.auth_head h
         LEFT JOIN (SELECT seq, hash FROM public.audit_chain ORDER BY seq DESC LIMIT 1) last ON true
         LEFT JOIN public.audit_chain row ON row.seq = $1`,
      [seq],
    );
    const [found] = rows;
    if (found === undefined) throw new Error('auth_head has no row');
    const { seq: last, hash, earlier, epoch } = found;
    const head = last === null || hash === null ? genesis : { seq: Number(last), hash };
    return { head, earlier, epoch };
  }
}
