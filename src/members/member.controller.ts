import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { OrgIdParam, UserIdParam } from '../auth/id-param.decorator.js';
import { CreatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import type { OrgId, UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { Invitations } from './invitations.js';
import {
  AddMember,
  AddServiceAccount,
  ListMembers,
  MemberCommitted,
  MemberDetails,
  MemberPage,
  MemberRemoved,
  PutMember,
} from './member.dto.js';
import { MemberService } from './member.service.js';

@Controller('v1/orgs/:orgId')
export class MemberController {
  constructor(
    private readonly members: MemberService,
    private readonly invitations: Invitations,
  ) {}

  @Get('members')
  @Requires('members:read')
  @Describe({
    id: 'listMembers',
    tag: 'Members',
    summary: 'List members',
    response: MemberPage,
  })
  list(@OrgIdParam() orgId: OrgId, @Query() query: ListMembers) {
    return this.members.list(orgId, query);
  }

  @Post('members')
  @Requires('members:admin')
  @Describe({
    id: 'addMember',
    tag: 'Members',
    summary: 'Add a person by their e-mail address',
    description:
      'The response is the same whether or not the address was known before. Nobody gives a role or a ' +
      'grant that they do not hold.',
    response: MemberCommitted,
    problems: ['not_in_grants', 'exceeds_issuer', 'already_member', 'removal_under_way'],
  })
  add(
    @CreatingCaller() caller: RepeatableCaller,
    @OrgIdParam() orgId: OrgId,
    @Body() body: AddMember,
  ) {
    return this.members.add(caller, orgId, body);
  }

  @Post('service-accounts')
  @Requires('members:admin')
  @Describe({
    id: 'addServiceAccount',
    tag: 'Members',
    summary: 'Add a service account',
    description:
      'Its keys outlive the person who made them. Nobody gives a role or a grant that they do not hold.',
    response: MemberCommitted,
    problems: ['not_in_grants', 'exceeds_issuer'],
  })
  addServiceAccount(
    @CreatingCaller() caller: RepeatableCaller,
    @OrgIdParam() orgId: OrgId,
    @Body() body: AddServiceAccount,
  ) {
    return this.members.addServiceAccount(caller, orgId, body);
  }

  @Get('members/:userId')
  @Requires('members:read')
  @Describe({
    id: 'getMember',
    tag: 'Members',
    summary: 'Read a member',
    response: MemberDetails,
  })
  get(@OrgIdParam() orgId: OrgId, @UserIdParam() userId: UserId) {
    return this.members.get(orgId, userId);
  }

  @Put('members/:userId')
  @Requires('members:admin')
  @Denying()
  @Describe({
    id: 'putMember',
    tag: 'Members',
    summary: 'Set the role and the grants of a member',
    description:
      'For operators it also makes a member of a user. Nobody gives a role or a grant that they do not ' +
      'hold; grants that the member has already can be sent again. Managers are made and demoted only ' +
      'by those who hold everything that a manager does.',
    response: MemberCommitted,
    problems: [
      'not_in_grants',
      'exceeds_issuer',
      'already_member',
      'removal_under_way',
      'last_manager',
      'foreign_service_account',
    ],
  })
  put(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
    @Body() body: PutMember,
  ) {
    return this.members.put(caller, orgId, userId, body);
  }

  @Post('members/:userId/invite')
  @HttpCode(200)
  @Requires('members:admin')
  @Describe({
    id: 'inviteMember',
    tag: 'Members',
    summary: 'Mail an invitation again',
    description:
      'To a person who has not opened the organisation in the console yet. Adding a person mails the first ' +
      'one. At most one a minute goes to a person; in a day 10 from all organisations, and 500 from one ' +
      'organisation to everybody.',
    response: MemberCommitted,
    problems: ['not_pending', 'no_mail_server', 'too_many_invitations'],
  })
  invite(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
  ) {
    return this.invitations.repeat(caller, orgId, userId);
  }

  @Delete('members/:userId')
  @Requires('members:admin')
  @Denying()
  @Describe({
    id: 'removeMember',
    tag: 'Members',
    summary: 'Remove a member, and revoke their keys',
    description:
      'All their keys are revoked by this one change. If there are more than 50, the audit log ' +
      'records each some time later; until then the same person cannot be added again. Managers are ' +
      'removed only by those who hold everything that a manager does.',
    response: MemberRemoved,
    problems: ['exceeds_issuer', 'last_manager'],
  })
  remove(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
  ) {
    return this.members.remove(caller, orgId, userId);
  }
}
