import { Body, Controller, Get, HttpCode, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { changesEmail, Denying } from '../auth/denies.decorator.js';
import { UserIdParam } from '../auth/id-param.decorator.js';
import { CreatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import type { UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { DeactivationService } from './deactivation.service.js';
import {
  ChangeUser,
  CreateUser,
  ListUsers,
  SignInLinkCommitted,
  UserCommitted,
  UserDeactivated,
  UserPage,
  UserView,
} from './user.dto.js';
import { UserSignInLinks } from './user-sign-in-links.js';
import { UserService } from './user.service.js';

@Controller('v1/users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly deactivation: DeactivationService,
    private readonly links: UserSignInLinks,
  ) {}

  @Post()
  @Requires('users:admin')
  @Describe({
    id: 'createUser',
    tag: 'Users',
    summary: 'Create a person',
    response: UserCommitted,
    problems: ['email_taken'],
  })
  create(@CreatingCaller() caller: RepeatableCaller, @Body() body: CreateUser) {
    return this.users.create(caller, body);
  }

  @Get()
  @Requires('users:read')
  @Describe({
    id: 'listUsers',
    tag: 'Users',
    summary: 'List users',
    response: UserPage,
  })
  list(@Query() query: ListUsers) {
    return this.users.list(query);
  }

  @Get(':userId')
  @Requires('users:read')
  @Describe({
    id: 'getUser',
    tag: 'Users',
    summary: 'Read a user',
    response: UserView,
  })
  get(@UserIdParam() userId: UserId) {
    return this.users.get(userId);
  }

  @Post(':userId/sign-in-links')
  @HttpCode(200)
  @Requires('users:admin')
  @Describe({
    id: 'createSignInLink',
    tag: 'Users',
    summary: 'Create a sign-in link of a person',
    description:
      'For an operator to pass on, where no mail server is set up. Anyone who has the link signs in as that ' +
      'person: it works once, within 15 minutes, and the audit log records who asked for it. It takes an ' +
      'operator whom nothing restricts.',
    response: SignInLinkCommitted,
    problems: ['sign_in_links_closed', 'owner_inactive', 'exceeds_issuer'],
  })
  createSignInLink(
    @CurrentCaller() caller: Caller,
    @UserIdParam() userId: UserId,
    @Req() { headers }: FastifyRequest,
  ) {
    return this.links.create(caller, userId, headers.host);
  }

  @Patch(':userId')
  @Requires('users:admin')
  @Denying(changesEmail)
  @Describe({
    id: 'changeUser',
    tag: 'Users',
    summary: 'Change the name or the e-mail address of a user',
    description:
      'With another address, all sessions and sign-in links of the user end. Accounts at an identity ' +
      'provider that are bound to the user stay bound. Another address takes an operator whom nothing ' +
      'restricts: who chooses it can sign in as that person.',
    response: UserCommitted,
    problems: ['email_taken', 'exceeds_issuer'],
  })
  change(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId, @Body() body: ChangeUser) {
    return this.users.change(caller, userId, body);
  }

  @Post(':userId/deactivate')
  @HttpCode(200)
  @Requires('users:admin')
  @Denying()
  @Describe({
    id: 'deactivateUser',
    tag: 'Users',
    summary: 'Deactivate a user',
    description:
      'None of their keys is valid, in any organisation, until they are reactivated. Nobody deactivates ' +
      'themselves, and one operator must stay active. Organisations that are left without a manager are named.',
    response: UserDeactivated,
    problems: ['self_deactivation', 'last_manager'],
  })
  deactivate(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId) {
    return this.deactivation.deactivate(caller, userId);
  }

  @Post(':userId/reactivate')
  @HttpCode(200)
  @Requires('users:admin')
  @Describe({
    id: 'reactivateUser',
    tag: 'Users',
    summary: 'Reactivate a user',
    response: UserCommitted,
  })
  reactivate(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId) {
    return this.users.reactivate(caller, userId);
  }
}
