import { Body, Controller, Delete, Get, Header, Patch, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { changesMoreThanLabels, Denying } from '../auth/denies.decorator.js';
import { KeyIdParam, OrgIdParam } from '../auth/id-param.decorator.js';
import { CreatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { OptionalBody } from '../openapi/optional-body.decorator.js';
import { ChangeKey, CreateKey, RevokeKey, RevokeKeyBody } from './key.dto.js';
import { KeyCommitted, KeyCreated, KeyRevoked, KeyView } from './key.view.js';
import { KeyService } from './key.service.js';

@Controller('v1/orgs/:orgId/keys')
export class KeyController {
  constructor(private readonly keys: KeyService) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @Requires('keys:admin')
  @Describe({
    id: 'createKey',
    tag: 'Keys',
    summary: 'Create a key',
    description:
      'Members create keys for themselves, managers for every member. A key holds no more than its ' +
      'creator, and ends no later than the key that creates it: an expiry that is left out, or beyond it ' +
      'by less than 24 hours, is cut. The secret is in this response and never shown again.',
    response: KeyCreated,
    problems: [
      'permission_outside_scope',
      'nothing_to_grant',
      'expiry_not_allowed',
      'exceeds_issuer',
      'org_suspended',
      'owner_inactive',
      'too_many_keys',
    ],
  })
  create(
    @CreatingCaller() caller: RepeatableCaller,
    @OrgIdParam() orgId: OrgId,
    @Body() body: CreateKey,
  ) {
    return this.keys.create(caller, orgId, body);
  }

  @Get(':keyId')
  @Requires('keys:read')
  @Describe({
    id: 'getKey',
    tag: 'Keys',
    summary: 'Read a key',
    response: KeyView,
  })
  get(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @KeyIdParam() keyId: KeyId) {
    return this.keys.get(caller, orgId, keyId);
  }

  @Patch(':keyId')
  @Requires('keys:write')
  @Denying(changesMoreThanLabels)
  @Describe({
    id: 'changeKey',
    tag: 'Keys',
    summary: 'Rename, describe, tag or restrict a key',
    description:
      'Nothing can be widened. A lower scope removes the permissions that it does not cover from the list.',
    response: KeyCommitted,
    problems: [
      'permission_outside_scope',
      'nothing_to_grant',
      'expiry_not_allowed',
      'key_not_active',
      'not_narrower',
    ],
  })
  change(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Body() body: ChangeKey,
  ) {
    return this.keys.change(caller, orgId, keyId, body);
  }

  @Delete(':keyId')
  @Requires('keys:write')
  @Denying()
  @Describe({
    id: 'revokeKey',
    tag: 'Keys',
    summary: 'Revoke a key permanently',
    description:
      'When this has returned, no node accepts the key any more. Revoking it again changes nothing. ' +
      'The reason can be in the body or in the query; that in the body counts.',
    response: KeyRevoked,
  })
  revoke(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Query() query: RevokeKey,
    @OptionalBody(RevokeKeyBody) body: RevokeKeyBody,
  ) {
    return this.keys.revoke(caller, orgId, keyId, body.reason ?? query.reason);
  }
}
