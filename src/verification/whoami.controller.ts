import { Controller, Get } from '@nestjs/common';
import { AnyKey } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/principal.js';
import { whoamiView } from './verification.dto.js';

@Controller('v1/whoami')
export class WhoamiController {
  /** "Can I authenticate?" */
  @Get()
  @AnyKey()
  whoami(@CurrentCaller() { principal, authSeq }: Caller) {
    return whoamiView(principal, authSeq);
  }
}
