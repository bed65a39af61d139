import { Body, Controller, Delete, Get, Header, Patch, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { KeyIdParam, OrgIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  ChangeKey,
  CreateKey,
  KeyCommitted,
  KeyCreated,
  KeyPage,
  KeyRevoked,
  KeyView,
  ListKeys,
  RevokeKey,
} from './key.dto.js';
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
      'Members create keys for themselves, managers for every member. The secret is in this answer ' +
      'and nowhere else, ever.',
    answer: KeyCreated,
    problems: [
      'permission_outside_scope',
      'nothing_to_grant',
      'expiry_not_allowed',
      'exceeds_issuer',
      'org_suspended',
      'owner_inactive',
    ],
  })
  create(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: CreateKey }) body: CreateKey,
  ) {
    return this.keys.create(caller, orgId, body);
  }

  @Get()
  @Requires('keys:read')
  @Describe({
    id: 'listKeys',
    tag: 'Keys',
    summary: 'List keys',
    description: 'Members see their own, managers all.',
    answer: KeyPage,
  })
  list(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Query({ schema: ListKeys }) query: ListKeys,
  ) {
    return this.keys.list(caller, orgId, query);
  }

  @Get(':keyId')
  @Requires('keys:read')
  @Describe({
    id: 'getKey',
    tag: 'Keys',
    summary: 'Read a key',
    answer: KeyView,
  })
  get(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @KeyIdParam() keyId: KeyId) {
    return this.keys.get(caller, orgId, keyId);
  }

  @Patch(':keyId')
  @Requires('keys:write')
  @Describe({
    id: 'changeKey',
    tag: 'Keys',
    summary: 'Rename or narrow a key',
    description: 'Nothing can be widened.',
    answer: KeyCommitted,
    problems: ['permission_outside_scope', 'expiry_not_allowed', 'key_not_active', 'not_narrower'],
  })
  change(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Body({ schema: ChangeKey }) body: ChangeKey,
  ) {
    return this.keys.change(caller, orgId, keyId, body);
  }

  @Delete(':keyId')
  @Requires('keys:write')
  @Describe({
    id: 'revokeKey',
    tag: 'Keys',
    summary: 'Revoke a key for ever',
    description:
      'When this has returned, no node accepts the key any more. Revoking it again changes nothing.',
    answer: KeyRevoked,
  })
  revoke(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Query({ schema: RevokeKey }) query: RevokeKey,
  ) {
    return this.keys.revoke(caller, orgId, keyId, query.reason);
  }
}
