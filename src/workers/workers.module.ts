import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { MemberModule } from '../members/member.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { BacklogWatch } from './backlog-watch.js';
import { Processors } from './processors.js';
import { Relay } from './relay.js';
import { Schedule } from './schedule.js';
import { Workers } from './workers.js';

@Module({
  imports: [
    JobsModule,
    NotificationsModule,
    MemberModule,
    UsageModule,
    RemindersModule,
    WebhooksModule,
    SessionsModule,
  ],
  providers: [BacklogWatch, Processors, Relay, Schedule, Workers],
})
export class WorkersModule {}
