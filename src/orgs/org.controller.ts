import { Body, Controller, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { OrgId } from '../common/ids.js';
import { ChangePolicy, CreateOrg, ListOrgs, RenameOrg, SetGrants } from './org.dto.js';
import { OrgService } from './org.service.js';

@Controller('v1/orgs')
export class OrgController {
  constructor(private readonly orgs: OrgService) {}

  @Post()
  @Requires('orgs:admin')
  create(@CreatingCaller() caller: Caller, @Body({ schema: CreateOrg }) body: CreateOrg) {
    return this.orgs.create(caller, body);
  }

  @Get()
  @Requires('orgs:read')
  list(@Query({ schema: ListOrgs }) query: ListOrgs) {
    return this.orgs.list(query);
  }

  @Get(':orgId')
  @Requires('org:read')
  get(@OrgIdParam() orgId: OrgId) {
    return this.orgs.get(orgId);
  }

  @Patch(':orgId')
  @Requires('org:admin')
  rename(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: RenameOrg }) body: RenameOrg,
  ) {
    return this.orgs.rename(caller, orgId, body.name);
  }

  @Put(':orgId/grants')
  @Requires('orgs:admin')
  setGrants(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: SetGrants }) body: SetGrants,
  ) {
    return this.orgs.setGrants(caller, orgId, body.grants);
  }

  @Post(':orgId/suspend')
  @HttpCode(200)
  @Requires('orgs:admin')
  suspend(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId) {
    return this.orgs.suspend(caller, orgId);
  }

  @Post(':orgId/resume')
  @HttpCode(200)
  @Requires('orgs:admin')
  resume(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId) {
    return this.orgs.resume(caller, orgId);
  }

  @Get(':orgId/policy')
  @Requires('org:read')
  policy(@OrgIdParam() orgId: OrgId) {
    return this.orgs.policy(orgId);
  }

  @Patch(':orgId/policy')
  @Requires('org:admin')
  changePolicy(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: ChangePolicy }) body: ChangePolicy,
  ) {
    return this.orgs.changePolicy(caller, orgId, body);
  }
}
