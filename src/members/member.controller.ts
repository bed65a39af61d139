import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam, UserIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { OrgId, UserId } from '../common/ids.js';
import { AddMember, AddServiceAccount, ListMembers, PutMember } from './member.dto.js';
import { MemberService } from './member.service.js';

@Controller('v1/orgs/:orgId')
export class MemberController {
  constructor(private readonly members: MemberService) {}

  @Get('members')
  @Requires('members:read')
  list(@OrgIdParam() orgId: OrgId, @Query({ schema: ListMembers }) query: ListMembers) {
    return this.members.list(orgId, query);
  }

  @Post('members')
  @Requires('members:admin')
  add(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: AddMember }) body: AddMember,
  ) {
    return this.members.add(caller, orgId, body);
  }

  @Post('service-accounts')
  @Requires('members:admin')
  addServiceAccount(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: AddServiceAccount }) body: AddServiceAccount,
  ) {
    return this.members.addServiceAccount(caller, orgId, body);
  }

  @Get('members/:userId')
  @Requires('members:read')
  get(@OrgIdParam() orgId: OrgId, @UserIdParam() userId: UserId) {
    return this.members.get(orgId, userId);
  }

  @Put('members/:userId')
  @Requires('members:admin')
  put(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
    @Body({ schema: PutMember }) body: PutMember,
  ) {
    return this.members.put(caller, orgId, userId, body);
  }

  @Delete('members/:userId')
  @Requires('members:admin')
  remove(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
  ) {
    return this.members.remove(caller, orgId, userId);
  }
}
