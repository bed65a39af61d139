import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import type { OrgId } from '../common/ids.js';
import { AuditFilters, ListAuditEvents } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@Controller('v1/orgs/:orgId/audit-events')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Requires('audit:read')
  list(@OrgIdParam() orgId: OrgId, @Query({ schema: ListAuditEvents }) query: ListAuditEvents) {
    return this.audit.list(orgId, query);
  }

  @Get('export')
  @Requires('audit:read')
  async export(@OrgIdParam() orgId: OrgId, @Query({ schema: AuditFilters }) query: AuditFilters) {
    const type = 'application/x-ndjson';
    return new StreamableFile(await this.audit.export(orgId, query), { type });
  }
}
