import { Controller, Get } from '@nestjs/common';
import { AnyKey } from '../../auth/access.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { Describe } from '../../openapi/describe.decorator.js';
import { WhoamiView, whoamiView } from './verification.dto.js';

@Controller('v1/whoami')
export class WhoamiController {
  /** "Can I authenticate?" */
  @Get()
  @AnyKey()
  @Describe({
    id: 'whoami',
    tag: 'Verification',
    summary: 'See what your own key is, and what it may do',
    response: WhoamiView,
    isTied: true,
  })
  whoami(@CurrentCaller() { principal, authSeq }: Caller) {
    return whoamiView(principal, authSeq);
  }
}
