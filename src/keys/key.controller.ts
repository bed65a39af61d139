import { Body, Controller, Delete, Get, Header, Patch, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { KeyIdParam, OrgIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { ChangeKey, CreateKey, ListKeys, RevokeKey } from './key.dto.js';
import { KeyService } from './key.service.js';

@Controller('v1/orgs/:orgId/keys')
export class KeyController {
  constructor(private readonly keys: KeyService) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @Requires('keys:admin')
  create(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: CreateKey }) body: CreateKey,
  ) {
    return this.keys.create(caller, orgId, body);
  }

  @Get()
  @Requires('keys:read')
  list(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Query({ schema: ListKeys }) query: ListKeys,
  ) {
    return this.keys.list(caller, orgId, query);
  }

  @Get(':keyId')
  @Requires('keys:read')
  get(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @KeyIdParam() keyId: KeyId) {
    return this.keys.get(caller, orgId, keyId);
  }

  @Patch(':keyId')
  @Requires('keys:write')
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
  revoke(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @KeyIdParam() keyId: KeyId,
    @Query({ schema: RevokeKey }) query: RevokeKey,
  ) {
    return this.keys.revoke(caller, orgId, keyId, query.reason);
  }
}
