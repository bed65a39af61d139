import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Describe } from '../openapi/describe.decorator.js';
import { Metrics } from '../telemetry/metrics.js';

@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** For Prometheus. Does not ask the database. */
  @Get('metrics')
  @Public()
  @Header('Content-Type', Metrics.contentType)
  @Describe({
    id: 'getMetrics',
    tag: 'Service',
    summary: 'Get metrics for Prometheus',
    text: {
      type: 'text/plain',
      example: '# TYPE keyfence_verifications_total counter\n',
    },
  })
  text(): Promise<string> {
    return this.metrics.text();
  }
}
