import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from '../auth/access.guard.js';
import { OrgLookup } from '../auth/org-lookup.js';
import { ApiKeyStrategy, BearerKeyStrategy, ConsoleSessionStrategy } from '../auth/strategies.js';
import { DocsController } from './docs.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OpenApiController } from './openapi.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { createValidationPipe } from './validation.js';

/** Handles every request. */
@Module({
  controllers: [HealthController, MetricsController, OpenApiController, DocsController],
  providers: [
    ApiKeyStrategy,
    BearerKeyStrategy,
    ConsoleSessionStrategy,
    OrgLookup,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: createValidationPipe },
  ],
})
export class HttpModule {}
