import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ReminderSender } from './reminder-sender.js';
import { ReminderStore } from './reminder.store.js';
import { ReminderSweep } from './reminder-sweep.js';

@Module({
  imports: [AuditModule, NotificationsModule, OutboxModule],
  providers: [ReminderSender, ReminderStore, ReminderSweep],
  exports: [ReminderSender, ReminderStore, ReminderSweep],
})
export class RemindersModule {}
