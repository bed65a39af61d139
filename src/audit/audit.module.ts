import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { AuditController } from './audit.controller.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditLog } from './audit-log.js';
import { AuditService } from './audit.service.js';
import { AuditStore } from './audit.store.js';
import { ChainHeadLog } from './chain-head-log.js';
import { Exports } from './exports.js';

@Module({
  imports: [NotificationsModule, TypeOrmModule.forFeature([AuditEvent])],
  controllers: [AuditController],
  providers: [AuditLog, AuditService, AuditStore, ChainHeadLog, Exports],
  exports: [AuditLog, Exports],
})
export class AuditModule {}
