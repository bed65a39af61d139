import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { ReminderSender } from './reminder-sender.js';
import { ReminderStore } from './reminder.store.js';
import { ReminderSweep } from './reminder-sweep.js';

@Module({
  imports: [AuditModule, NotificationsModule],
  providers: [ReminderSender, ReminderStore, ReminderSweep],
  exports: [ReminderSender, ReminderSweep],
})
export class RemindersModule {}
