import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { UserIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { CreateUser, ListUsers, UserCommitted, UserPage, UserView } from './user.dto.js';
import { UserService } from './user.service.js';

@Controller('v1/users')
export class UserController {
  constructor(private readonly users: UserService) {}

  @Post()
  @Requires('users:admin')
  @Describe({
    id: 'createUser',
    tag: 'Users',
    summary: 'Create a person',
    answer: UserCommitted,
    problems: ['email_taken'],
  })
  create(@CreatingCaller() caller: Caller, @Body({ schema: CreateUser }) body: CreateUser) {
    return this.users.create(caller, body);
  }

  @Get()
  @Requires('users:read')
  @Describe({
    id: 'listUsers',
    tag: 'Users',
    summary: 'List users',
    answer: UserPage,
  })
  list(@Query({ schema: ListUsers }) query: ListUsers) {
    return this.users.list(query);
  }

  @Get(':userId')
  @Requires('users:read')
  @Describe({
    id: 'getUser',
    tag: 'Users',
    summary: 'Read a user',
    answer: UserView,
  })
  get(@UserIdParam() userId: UserId) {
    return this.users.get(userId);
  }

  @Post(':userId/deactivate')
  @HttpCode(200)
  @Requires('users:admin')
  @Describe({
    id: 'deactivateUser',
    tag: 'Users',
    summary: 'Deactivate a user',
    description: 'None of their keys is good, in any organisation, until they are reactivated.',
    answer: UserCommitted,
  })
  deactivate(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId) {
    return this.users.deactivate(caller, userId);
  }

  @Post(':userId/reactivate')
  @HttpCode(200)
  @Requires('users:admin')
  @Describe({
    id: 'reactivateUser',
    tag: 'Users',
    summary: 'Reactivate a user',
    answer: UserCommitted,
  })
  reactivate(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId) {
    return this.users.reactivate(caller, userId);
  }
}
