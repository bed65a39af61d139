import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from './logger.js';
import { Metrics } from './metrics.js';

/** The log, injectable. */
export class Log {
  constructor(readonly logger: Logger) {}
}

/** The log and the metrics, for everybody. */
@Module({})
export class LogModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: LogModule,
      global: true,
      providers: [{ provide: Log, useValue: new Log(logger) }, Metrics],
      exports: [Log, Metrics],
    };
  }
}
