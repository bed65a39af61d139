import { Module, type DynamicModule } from '@nestjs/common';
import { Log } from './log.js';
import type { Logger } from './logger.js';
import { Metrics } from './metrics.js';

/** The log and the metrics, available everywhere. */
@Module({})
export class TelemetryModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      providers: [{ provide: Log, useValue: new Log(logger) }, Metrics],
      exports: [Log, Metrics],
    };
  }
}
