import { Body, Controller, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import { CreatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import type { OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  Bounds,
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
    response: OrgCommitted,
    problems: ['slug_taken'],
  })
  create(@CreatingCaller() caller: RepeatableCaller, @Body() body: CreateOrg) {
    return this.orgs.create(caller, body);
  }

  @Get()
  @Requires('orgs:read')
  @Describe({
    id: 'listOrgs',
    tag: 'Organisations',
    summary: 'List organisations',
    response: OrgPage,
  })
  list(@Query() query: ListOrgs) {
    return this.orgs.list(query);
  }

  @Get(':orgId')
  @Requires('org:read')
  @Describe({
    id: 'getOrg',
    tag: 'Organisations',
    summary: 'Read an organisation',
    response: OrgView,
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
    response: OrgCommitted,
  })
  rename(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @Body() body: RenameOrg) {
    return this.orgs.rename(caller, orgId, body.name);
  }

  @Put(':orgId/grants')
  @Requires('orgs:admin')
  @Denying()
  @Describe({
    id: 'setOrgGrants',
    tag: 'Organisations',
    summary: 'Set what an organisation may do',
    description:
      'Keys follow at once. The resources `credits`, `limits`, `leaks` and `portal` are reserved: an ' +
      'organisation with a grant on them may retain it, and no other gets one.',
    response: OrgCommitted,
  })
  setGrants(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @Body() body: SetGrants) {
    return this.orgs.setGrants(caller, orgId, body.grants);
  }

  @Post(':orgId/suspend')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Denying()
  @Describe({
    id: 'suspendOrg',
    tag: 'Organisations',
    summary: 'Suspend an organisation',
    description: 'None of its keys is valid until it is resumed.',
    response: OrgCommitted,
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
    response: OrgCommitted,
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
    response: PolicyView,
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
    description: 'Fields that are left out stay as they are; so do existing keys.',
    response: PolicyCommitted,
  })
  changePolicy(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body() body: ChangePolicy,
  ) {
    return this.orgs.changePolicy(caller, orgId, body);
  }

  @Put(':orgId/bounds')
  @Requires('orgs:admin')
  @Describe({
    id: 'setBounds',
    tag: 'Organisations',
    summary: 'Set how many live keys an organisation may have',
    description: 'Existing keys stay, even beyond the bounds; then no more can be created.',
    response: PolicyCommitted,
  })
  setBounds(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @Body() body: Bounds) {
    return this.orgs.setBounds(caller, orgId, body);
  }
}
