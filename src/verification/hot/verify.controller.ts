import { Controller, HttpCode, Post } from '@nestjs/common';
import { AnyKey } from '../../auth/access.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { Describe } from '../../openapi/describe.decorator.js';
import { QuickBody } from '../../openapi/quick-body.decorator.js';
import { Subject } from '../subject.js';
import type { Finding } from '../verifier.js';
import { VerificationView, VerifyKey } from './verification.dto.js';
import { VerificationService } from './verification.service.js';

@Controller('v1/verify')
export class VerifyController {
  constructor(private readonly verification: VerificationService) {}

  /** "Is this key valid, and what may it do?" */
  @Post()
  @HttpCode(200)
  @AnyKey()
  @Describe({
    id: 'verifyKey',
    tag: 'Verification',
    summary: 'Ask whether a key is valid',
    description:
      'The status is 200 even if it is not. Without the permission `verify:read` all ' +
      'keys of other organisations are `INVALID`.',
    response: VerificationView,
    isTied: true,
  })
  verify(
    @CurrentCaller() caller: Caller,
    @Subject() subject: Finding | undefined,
    @QuickBody(VerifyKey) body: VerifyKey,
  ) {
    return this.verification.verify(caller, subject, body);
  }
}
