import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import type { OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { csvHeader } from './key-csv.js';
import { KeyFilters, KeyPage, KeySummary, ListKeys } from './key-list.dto.js';
import { KeyListService } from './key-list.service.js';

@Controller('v1/orgs/:orgId')
export class KeyListController {
  constructor(private readonly keys: KeyListService) {}

  @Get('keys')
  @Requires('keys:read')
  @Describe({
    id: 'listKeys',
    tag: 'Keys',
    summary: 'List keys',
    description: 'Members see their own, managers all. The filters are combined with AND.',
    response: KeyPage,
  })
  list(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @Query() query: ListKeys) {
    return this.keys.list(caller, orgId, query);
  }

  @Get('keys/summary')
  @Requires('keys:read')
  @Describe({
    id: 'summariseKeys',
    tag: 'Keys',
    summary: 'Count keys by state and use',
    description: 'Of members their own keys, of managers all.',
    response: KeySummary,
  })
  summarise(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId) {
    return this.keys.summarise(caller, orgId);
  }

  @Get('keys.csv')
  @Requires('keys:read')
  @Describe({
    id: 'exportKeys',
    tag: 'Keys',
    summary: 'Export keys as CSV, newest first',
    description:
      'The filters are those of the list. An export has fewer than 100,000 keys: more are a 400. Texts ' +
      'that a spreadsheet would take for a formula begin with an apostrophe. An export that fails ends ' +
      'with a broken connection.',
    text: { type: 'text/csv', example: csvHeader },
  })
  async export(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Query() query: KeyFilters,
  ) {
    return new StreamableFile(await this.keys.export(caller, orgId, query), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="keys.csv"',
    });
  }
}
