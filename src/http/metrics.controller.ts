import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Metrics } from '../telemetry/metrics.js';

@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** What Prometheus scrapes. Asks nothing of the database. */
  @Get('metrics')
  @Public()
  @Header('Content-Type', Metrics.contentType)
  text(): Promise<string> {
    return this.metrics.text();
  }
}
