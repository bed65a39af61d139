import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { FactsStore } from './facts.store.js';
import { IdempotencyStore } from './idempotency/idempotency.store.js';
import { Mutations } from './mutations.js';

@Global()
@Module({
  imports: [AuditModule],
  providers: [FactsStore, IdempotencyStore, Mutations],
  exports: [FactsStore, Mutations],
})
export class ChangesModule {}
