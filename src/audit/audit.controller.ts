import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import { exampleOf } from '../common/answer.js';
import type { OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { AuditEventPage, AuditEventView, AuditFilters, ListAuditEvents } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@Controller('v1/orgs/:orgId/audit-events')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Requires('audit:read')
  @Describe({
    id: 'listAuditEvents',
    tag: 'Audit log',
    summary: 'List what happened, newest first',
    description: 'All filters that are given must hold.',
    answer: AuditEventPage,
  })
  list(@OrgIdParam() orgId: OrgId, @Query({ schema: ListAuditEvents }) query: ListAuditEvents) {
    return this.audit.list(orgId, query);
  }

  @Get('export')
  @Requires('audit:read')
  @Describe({
    id: 'exportAuditEvents',
    tag: 'Audit log',
    summary: 'Export what happened, newest first, as JSON lines',
    description: 'An export that broke off ends with a broken connection.',
    text: {
      type: 'application/x-ndjson',
      example: `${JSON.stringify(exampleOf(AuditEventView))}\n`,
      lines: AuditEventView,
    },
  })
  async export(@OrgIdParam() orgId: OrgId, @Query({ schema: AuditFilters }) query: AuditFilters) {
    const type = 'application/x-ndjson';
    return new StreamableFile(await this.audit.export(orgId, query), { type });
  }
}
