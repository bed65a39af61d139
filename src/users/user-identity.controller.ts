import { Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { IdentityIdParam, UserIdParam } from '../auth/id-param.decorator.js';
import type { IdentityId, UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  IdentityCommitted,
  IdentityPage,
  IdentitiesUnbound,
  ListIdentities,
} from '../sessions/identity.dto.js';
import { UserIdentities } from './user-identities.js';

const unbinding =
  'All sessions of the user end. The account is barred: it is not bound to this user again until that is allowed.';

/** Accounts of a user at the identity provider. */
@Controller('v1/users/:userId/identities')
export class UserIdentityController {
  constructor(private readonly identities: UserIdentities) {}

  @Get()
  @Requires('users:read')
  @Describe({
    id: 'listIdentities',
    tag: 'Users',
    summary: 'List the accounts of a user at identity providers',
    response: IdentityPage,
  })
  list(@UserIdParam() userId: UserId, @Query() query: ListIdentities) {
    return this.identities.list(userId, query);
  }

  @Delete()
  @Requires('users:admin')
  @Denying()
  @Describe({
    id: 'unbindIdentities',
    tag: 'Users',
    summary: 'Take all accounts at identity providers from a user',
    description: unbinding,
    response: IdentitiesUnbound,
  })
  unbindAll(@CurrentCaller() caller: Caller, @UserIdParam() userId: UserId) {
    return this.identities.unbind(caller, userId);
  }

  @Delete(':identityId')
  @Requires('users:admin')
  @Denying()
  @Describe({
    id: 'unbindIdentity',
    tag: 'Users',
    summary: 'Take an account at an identity provider from a user',
    description: unbinding,
    response: IdentitiesUnbound,
  })
  unbind(
    @CurrentCaller() caller: Caller,
    @UserIdParam() userId: UserId,
    @IdentityIdParam() identityId: IdentityId,
  ) {
    return this.identities.unbind(caller, userId, identityId);
  }

  @Post(':identityId/allow')
  @HttpCode(200)
  @Requires('users:admin')
  @Describe({
    id: 'allowIdentity',
    tag: 'Users',
    summary: 'Let a barred account be bound to the user again',
    description: 'It is removed, and bound at its next sign-in like a new one.',
    response: IdentityCommitted,
  })
  allow(
    @CurrentCaller() caller: Caller,
    @UserIdParam() userId: UserId,
    @IdentityIdParam() identityId: IdentityId,
  ) {
    return this.identities.allow(caller, userId, identityId);
  }
}
