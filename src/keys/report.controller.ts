import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { CurrentOrigin } from '../auth/current-caller.decorator.js';
import type { Origin } from '../auth/principal.js';
import { Describe } from '../openapi/describe.decorator.js';
import { ReportKey, ReportView } from './key.dto.js';
import { ReportService } from './report.service.js';

@Controller('v1/revoke')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /** Revokes the key that has this secret: whoever holds it has shown enough. */
  @Post()
  @HttpCode(200)
  @Public()
  @Describe({
    id: 'reportKey',
    tag: 'Keys',
    summary: 'Revoke a leaked key by its secret',
    description: 'The answer is the same whether or not there was such a key.',
    answer: ReportView,
    problems: ['too_many_failures', 'unavailable', 'busy', 'outcome_unknown'],
  })
  revoke(@CurrentOrigin() origin: Origin, @Body({ schema: ReportKey }) body: ReportKey) {
    return this.reports.revoke(origin, body.key);
  }
}
