import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { MemberModule } from '../members/member.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { UserModule } from '../users/user.module.js';
import { ReminderSender } from './reminder-sender.js';
import { ReminderStore } from './reminder.store.js';
import { ReminderSweep } from './reminder-sweep.js';

@Module({
  imports: [AuditModule, MemberModule, NotificationsModule, UserModule],
  providers: [ReminderSender, ReminderStore, ReminderSweep],
  exports: [ReminderSender, ReminderStore, ReminderSweep],
})
export class RemindersModule {}
