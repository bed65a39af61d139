import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { AnyKey } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/principal.js';
import { Describe } from '../openapi/describe.decorator.js';
import { Subject } from './subject.js';
import { VerificationView, VerifyKey } from './verification.dto.js';
import { VerificationService } from './verification.service.js';
import type { Finding } from './verifier.js';

@Controller('v1/verify')
export class VerifyController {
  constructor(private readonly verification: VerificationService) {}

  /** "Is this key good, and for what?" */
  @Post()
  @HttpCode(200)
  @AnyKey()
  @Describe({
    id: 'verifyKey',
    tag: 'Verification',
    summary: 'Ask whether a key is good',
    description:
      'The answer is 200 also for a key that is not. Without the permission `verify:read` all ' +
      'keys of other organisations are `INVALID`.',
    answer: VerificationView,
  })
  verify(
    @CurrentCaller() caller: Caller,
    @Subject() subject: Finding | undefined,
    @Body({ schema: VerifyKey }) body: VerifyKey,
  ) {
    return this.verification.verify(caller, subject, body);
  }
}
