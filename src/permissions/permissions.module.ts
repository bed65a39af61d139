import { Global, Module } from '@nestjs/common';
import { ORG_LOOKUP } from '../auth/access.guard.js';
import { AuditModule } from '../audit/audit.module.js';
import { FactsStore } from './facts.store.js';
import { IdempotencyStore } from './idempotency.store.js';
import { Mutations } from './mutations.js';
import { RepeatedCalls } from './repeated-calls.js';

@Global()
@Module({
  imports: [AuditModule],
  providers: [
    FactsStore,
    IdempotencyStore,
    Mutations,
    RepeatedCalls,
    { provide: ORG_LOOKUP, useExisting: FactsStore },
  ],
  exports: [FactsStore, Mutations, ORG_LOOKUP],
})
export class PermissionsModule {}
