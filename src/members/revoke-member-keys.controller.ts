import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { OrgIdParam, UserIdParam } from '../auth/id-param.decorator.js';
import type { OrgId, UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { OptionalBody } from '../openapi/optional-body.decorator.js';
import {
  MemberKeysRevocation,
  MemberKeysRevoked,
  RevokeMemberKeys,
} from './revoke-member-keys.dto.js';
import { RevokeMemberKeysService } from './revoke-member-keys.service.js';

@Controller('v1/orgs/:orgId/members/:userId/keys/revoke')
export class RevokeMemberKeysController {
  constructor(private readonly keys: RevokeMemberKeysService) {}

  @Post()
  @HttpCode(200)
  @Requires('keys:write')
  @Denying()
  @Describe({
    id: 'revokeMemberKeys',
    tag: 'Members',
    summary: 'Revoke all keys of a member permanently',
    description:
      'The member stays. Up to 50 keys are revoked by the call itself: when it has returned, no node ' +
      'accepts them any more. The others still work then: they are `remaining`. A job revokes them one ' +
      'after the other, and once `GET` on this path says that 0 remain, no node accepts any of them. ' +
      'Keys that are created after the call stay. The same call again includes them, and what is left ' +
      'is recorded as revoked by it. The key of the caller comes last, if it is one of them. Each key has ' +
      'a row in the audit log. Members can only do this to themselves.',
    response: MemberKeysRevoked,
  })
  revoke(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
    @OptionalBody(RevokeMemberKeys) body: RevokeMemberKeys,
  ) {
    return this.keys.revoke(caller, orgId, userId, body.reason);
  }

  @Get()
  @Requires('keys:read')
  @Describe({
    id: 'getMemberKeysRevocation',
    tag: 'Members',
    summary: 'Read how many keys of a member are still to be revoked',
    description:
      'A key that has asked for the end of all keys of its owner comes last, and is refused with 401 then. ' +
      'A member who is removed meanwhile is a 404: none of their keys works any more.',
    response: MemberKeysRevocation,
  })
  get(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @UserIdParam() userId: UserId,
  ): Promise<MemberKeysRevocation> {
    return this.keys.get(caller, orgId, userId);
  }
}
