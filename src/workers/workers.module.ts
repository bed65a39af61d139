import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { Processors } from './processors.js';
import { Schedule } from './schedule.js';
import { Workers } from './workers.js';

@Module({
  imports: [QueueModule, UsageModule, RemindersModule],
  providers: [Processors, Schedule, Workers],
})
export class WorkersModule {}
