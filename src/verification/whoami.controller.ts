import { Controller, Get } from '@nestjs/common';
import { AnyKey } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/principal.js';
import { Describe } from '../openapi/describe.decorator.js';
import { WhoamiView, whoamiView } from './verification.dto.js';

@Controller('v1/whoami')
export class WhoamiController {
  /** "Can I authenticate?" */
  @Get()
  @AnyKey()
  @Describe({
    id: 'whoami',
    tag: 'Verification',
    summary: 'See who the own key is, and what it may do',
    answer: WhoamiView,
  })
  whoami(@CurrentCaller() { principal, authSeq }: Caller) {
    return whoamiView(principal, authSeq);
  }
}
