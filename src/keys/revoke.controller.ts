import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import type { Origin } from '../auth/caller.js';
import { CurrentOrigin } from '../auth/current-caller.decorator.js';
import { Describe } from '../openapi/describe.decorator.js';
import { RevokeBySecret } from './key.dto.js';
import { RevokedBySecret } from './key.view.js';
import { RevokeService } from './revoke.service.js';

@Controller('v1/revoke')
export class RevokeController {
  constructor(private readonly revocations: RevokeService) {}

  /** Revokes the key with this secret: presenting the secret is enough. */
  @Post()
  @HttpCode(200)
  @Public()
  @Describe({
    id: 'reportKey',
    tag: 'Keys',
    summary: 'Revoke a leaked key by its secret',
    description: 'The response is the same whether or not there was such a key.',
    response: RevokedBySecret,
    problems: ['too_many_failures', 'too_many_requests', 'unavailable', 'busy', 'outcome_unknown'],
  })
  revoke(@CurrentOrigin() origin: Origin, @Body() body: RevokeBySecret) {
    return this.revocations.revoke(origin, body.key);
  }
}
