import { Global, Module } from '@nestjs/common';
import { FailureStore } from './failure.store.js';
import { FailureThrottle } from './failure-throttle.js';

/** Global, because the guard of all routes asks it. */
@Global()
@Module({
  providers: [FailureStore, FailureThrottle],
  exports: [FailureThrottle],
})
export class ThrottlingModule {}
