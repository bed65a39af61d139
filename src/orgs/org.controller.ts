import { Body, Controller, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  ChangePolicy,
  CreateOrg,
  ListOrgs,
  OrgCommitted,
  OrgPage,
  OrgView,
  PolicyCommitted,
  PolicyView,
  RenameOrg,
  SetGrants,
} from './org.dto.js';
import { OrgService } from './org.service.js';

@Controller('v1/orgs')
export class OrgController {
  constructor(private readonly orgs: OrgService) {}

  @Post()
  @Requires('orgs:admin')
  @Describe({
    id: 'createOrg',
    tag: 'Organisations',
    summary: 'Create an organisation',
    answer: OrgCommitted,
    problems: ['slug_taken'],
  })
  create(@CreatingCaller() caller: Caller, @Body({ schema: CreateOrg }) body: CreateOrg) {
    return this.orgs.create(caller, body);
  }

  @Get()
  @Requires('orgs:read')
  @Describe({
    id: 'listOrgs',
    tag: 'Organisations',
    summary: 'List organisations',
    answer: OrgPage,
  })
  list(@Query({ schema: ListOrgs }) query: ListOrgs) {
    return this.orgs.list(query);
  }

  @Get(':orgId')
  @Requires('org:read')
  @Describe({
    id: 'getOrg',
    tag: 'Organisations',
    summary: 'Read an organisation',
    answer: OrgView,
  })
  get(@OrgIdParam() orgId: OrgId) {
    return this.orgs.get(orgId);
  }

  @Patch(':orgId')
  @Requires('org:admin')
  @Describe({
    id: 'renameOrg',
    tag: 'Organisations',
    summary: 'Rename an organisation',
    answer: OrgCommitted,
  })
  rename(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: RenameOrg }) body: RenameOrg,
  ) {
    return this.orgs.rename(caller, orgId, body.name);
  }

  @Put(':orgId/grants')
  @Requires('orgs:admin')
  @Describe({
    id: 'setOrgGrants',
    tag: 'Organisations',
    summary: 'Set what an organisation may do',
    description: 'Keys follow at once.',
    answer: OrgCommitted,
  })
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
  @Describe({
    id: 'suspendOrg',
    tag: 'Organisations',
    summary: 'Suspend an organisation',
    description: 'None of its keys is good until it is resumed.',
    answer: OrgCommitted,
    problems: ['operator_organisation'],
  })
  suspend(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId) {
    return this.orgs.suspend(caller, orgId);
  }

  @Post(':orgId/resume')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Describe({
    id: 'resumeOrg',
    tag: 'Organisations',
    summary: 'Resume an organisation',
    answer: OrgCommitted,
  })
  resume(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId) {
    return this.orgs.resume(caller, orgId);
  }

  @Get(':orgId/policy')
  @Requires('org:read')
  @Describe({
    id: 'getPolicy',
    tag: 'Organisations',
    summary: 'Read the policy for new keys',
    answer: PolicyView,
  })
  policy(@OrgIdParam() orgId: OrgId) {
    return this.orgs.policy(orgId);
  }

  @Patch(':orgId/policy')
  @Requires('org:admin')
  @Describe({
    id: 'changePolicy',
    tag: 'Organisations',
    summary: 'Change the policy for new keys',
    description: 'Fields that are left out stay as they are; existing keys do, too.',
    answer: PolicyCommitted,
  })
  changePolicy(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: ChangePolicy }) body: ChangePolicy,
  ) {
    return this.orgs.changePolicy(caller, orgId, body);
  }
}
