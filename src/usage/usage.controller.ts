import { Controller, Get, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { KeyIdParam, OrgIdParam } from '../auth/id-param.decorator.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { UsageQuery, UsageView } from './usage.dto.js';
import { UsageService } from './usage.service.js';

@Controller('v1/orgs/:orgId/keys/:keyId/usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @Requires('keys:read')
  @Describe({
    id: 'getKeyUsage',
    tag: 'Keys',
    summary: 'See how often a key was used, day by day',
    description:
      'A use is a request for which the key was valid: a call with it, or a call that asks about it. ' +
      'At most 366 days.',
    response: UsageView,
  })
  days(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Query() query: UsageQuery,
  ) {
    return this.usage.days(caller, orgId, keyId, query);
  }
}
