import { Controller, Get } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { UserIdParam } from '../auth/id-param.decorator.js';
import { Problem } from '../common/errors.js';
import type { UserId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { OwnedKeysStore } from './owned-keys.store.js';
import { UserKeysView } from './user-keys.dto.js';

@Controller('v1/users/:userId/keys')
export class UserKeysController {
  constructor(private readonly store: OwnedKeysStore) {}

  @Get()
  @Requires('orgs:admin')
  @Describe({
    id: 'listUserKeys',
    tag: 'Users',
    summary: 'What stops working when a user is deactivated',
    description: 'The active keys of the user, in all organisations.',
    response: UserKeysView,
  })
  async list(@UserIdParam() userId: UserId) {
    const keys = await this.store.activeOf(userId);
    if (keys === undefined) throw new Problem('not_found');
    return keys;
  }
}
