import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { CurrentOrigin } from '../auth/current-caller.decorator.js';
import type { Origin } from '../auth/principal.js';
import { ReportKey } from './key.dto.js';
import { ReportService } from './report.service.js';

@Controller('v1/revoke')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /** Revokes the key that has this secret: whoever holds it has shown enough. */
  @Post()
  @HttpCode(200)
  @Public()
  revoke(@CurrentOrigin() origin: Origin, @Body({ schema: ReportKey }) body: ReportKey) {
    return this.reports.revoke(origin, body.key);
  }
}
