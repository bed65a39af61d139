import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam, UserIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { OrgId, UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  AddMember,
  AddServiceAccount,
  ListMembers,
  MemberCommitted,
  MemberPage,
  MemberRemoved,
  MemberView,
  PutMember,
} from './member.dto.js';
import { MemberService } from './member.service.js';

@Controller('v1/orgs/:orgId')
export class MemberController {
  constructor(private readonly members: MemberService) {}

  @Get('members')
  @Requires('members:read')
  @Describe({
    id: 'listMembers',
    tag: 'Members',
    summary: 'List members',
    answer: MemberPage,
  })
  list(@OrgIdParam() orgId: OrgId, @Query({ schema: ListMembers }) query: ListMembers) {
    return this.members.list(orgId, query);
  }

  @Post('members')
  @Requires('members:admin')
  @Describe({
    id: 'addMember',
    tag: 'Members',
    summary: 'Add a person by their e-mail address',
    description: 'The answer is the same whether or not the address was known before.',
    answer: MemberCommitted,
    problems: ['not_in_grants', 'exceeds_issuer', 'already_member'],
  })
  add(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: AddMember }) body: AddMember,
  ) {
    return this.members.add(caller, orgId, body);
  }

  @Post('service-accounts')
  @Requires('members:admin')
  @Describe({
    id: 'addServiceAccount',
    tag: 'Members',
    summary: 'Add a service account',
    description: 'Its keys outlive whoever made them.',
    answer: MemberCommitted,
    problems: ['not_in_grants', 'exceeds_issuer'],
  })
  addServiceAccount(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: AddServiceAccount }) body: AddServiceAccount,
  ) {
    return this.members.addServiceAccount(caller, orgId, body);
  }

  @Get('members/:userId')
  @Requires('members:read')
  @Describe({
    id: 'getMember',
    tag: 'Members',
    summary: 'Read a member',
    answer: MemberView,
  })
  get(@OrgIdParam() orgId: OrgId, @UserIdParam() userId: UserId) {
    return this.members.get(orgId, userId);
  }

  @Put('members/:userId')
  @Requires('members:admin')
  @Describe({
    id: 'putMember',
    tag: 'Members',
    summary: 'Set the role and the grants of a member',
    description: 'For operators it also makes a member of a user.',
    answer: MemberCommitted,
    problems: [
      'not_in_grants',
      'exceeds_issuer',
      'already_member',
      'last_manager',
      'foreign_service_account',
    ],
  })
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
  @Describe({
    id: 'removeMember',
    tag: 'Members',
    summary: 'Remove a member, and revoke their keys',
    answer: MemberRemoved,
    problems: ['last_manager'],
  })
  remove(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
  ) {
    return this.members.remove(caller, orgId, userId);
  }
}
