import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OutboxModule } from '../outbox/outbox.module.js';
import { AuditController } from './audit.controller.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditLog } from './audit-log.js';
import { AuditService } from './audit.service.js';
import { AuditStore } from './audit.store.js';
import { ChainHeadLog } from './chain-head-log.js';

@Module({
  imports: [OutboxModule, TypeOrmModule.forFeature([AuditEvent])],
  controllers: [AuditController],
  providers: [AuditLog, AuditService, AuditStore, ChainHeadLog],
  exports: [AuditLog],
})
export class AuditModule {}
