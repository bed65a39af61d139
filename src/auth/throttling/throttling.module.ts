import { Global, Module } from '@nestjs/common';
import { CallBounds } from './call-bounds.js';
import { FailureStore } from './failure.store.js';
import { FailureThrottle } from './failure-throttle.js';

/** Global, because the guard of all routes uses it. */
@Global()
@Module({
  providers: [CallBounds, FailureStore, FailureThrottle],
  exports: [CallBounds, FailureThrottle],
})
export class ThrottlingModule {}
