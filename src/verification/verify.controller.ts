import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { AnyKey } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/principal.js';
import { VerifyKey } from './verification.dto.js';
import { VerificationService } from './verification.service.js';

@Controller('v1/verify')
export class VerifyController {
  constructor(private readonly verification: VerificationService) {}

  /** "Is this key good, and for what?" */
  @Post()
  @HttpCode(200)
  @AnyKey()
  verify(@CurrentCaller() caller: Caller, @Body({ schema: VerifyKey }) body: VerifyKey) {
    return this.verification.verify(caller, body);
  }
}
