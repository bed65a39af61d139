import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { DeliveryController } from './delivery.controller.js';
import { DeliveryService } from './delivery.service.js';
import { ReminderSender } from './reminder-sender.js';
import { ReminderStore } from './reminder.store.js';
import { ReminderSweep } from './reminder-sweep.js';

@Module({
  imports: [AuditModule, NotificationsModule, PermissionsModule],
  controllers: [DeliveryController],
  providers: [DeliveryService, ReminderSender, ReminderStore, ReminderSweep],
  exports: [ReminderSender, ReminderSweep],
})
export class RemindersModule {}
