import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/caller.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import { exampleOf } from '../common/json-schema.js';
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
    description: 'The filters are combined with AND.',
    response: AuditEventPage,
  })
  list(
    @CurrentCaller() { principal }: Caller,
    @OrgIdParam() orgId: OrgId,
    @Query() query: ListAuditEvents,
  ) {
    return this.audit.list(orgId, principal.org.id, query);
  }

  @Get('export')
  @Requires('audit:read')
  @Describe({
    id: 'exportAuditEvents',
    tag: 'Audit log',
    summary: 'Export what happened, newest first, as JSON lines',
    description: 'An export that fails ends with a broken connection.',
    text: {
      type: 'application/x-ndjson',
      example: `${JSON.stringify(exampleOf(AuditEventView))}\n`,
      lines: AuditEventView,
    },
  })
  async export(
    @CurrentCaller() { principal }: Caller,
    @OrgIdParam() orgId: OrgId,
    @Query() query: AuditFilters,
  ) {
    const type = 'application/x-ndjson';
    return new StreamableFile(await this.audit.export(orgId, principal.org.id, query), { type });
  }
}
