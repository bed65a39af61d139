import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { DeliveryWatch } from './delivery-watch.js';
import { Processors } from './processors.js';
import { Schedule } from './schedule.js';
import { Workers } from './workers.js';

@Module({
  imports: [QueueModule, NotificationsModule, UsageModule, RemindersModule],
  providers: [DeliveryWatch, Processors, Schedule, Workers],
})
export class WorkersModule {}
