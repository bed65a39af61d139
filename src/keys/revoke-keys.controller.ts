import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Denying } from '../auth/denies.decorator.js';
import { OrgIdParam } from '../auth/id-param.decorator.js';
import type { OrgId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { KeysRevoked, RevokeKeys } from './revoke-keys.dto.js';
import { RevokeKeysService } from './revoke-keys.service.js';

@Controller('v1/orgs/:orgId/keys/revoke')
export class RevokeKeysController {
  constructor(private readonly keys: RevokeKeysService) {}

  @Post()
  @HttpCode(200)
  @Requires('keys:write')
  @Denying()
  @Describe({
    id: 'revokeKeys',
    tag: 'Keys',
    summary: 'Revoke up to 500 keys permanently',
    description:
      'When this has returned, no node accepts any of the keys. They are revoked in several steps. If one ' +
      'fails, so does the call, those before it remain, and the same call again does the rest. Each key ' +
      'has a row in the audit log.',
    response: KeysRevoked,
  })
  revoke(@CurrentCaller() caller: Caller, @OrgIdParam() orgId: OrgId, @Body() body: RevokeKeys) {
    return this.keys.revoke(caller, orgId, body);
  }
}
