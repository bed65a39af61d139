import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from './logger.js';

/** The log, injectable. */
export class Log {
  constructor(readonly logger: Logger) {}
}

@Module({})
export class LogModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: LogModule,
      global: true,
      providers: [{ provide: Log, useValue: new Log(logger) }],
      exports: [Log],
    };
  }
}
