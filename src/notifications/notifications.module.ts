import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { Log } from '../telemetry/log.js';
import { Deliveries } from './deliveries.js';
import { Delivery } from './delivery.entity.js';
import { DeliveryStore } from './delivery.store.js';
import { LogMailer } from './log-mailer.js';
import { Mailer } from './mailer.js';
import { Outbox } from './outbox.js';
import { SmtpMailer } from './smtp-mailer.js';

function createMailer({ smtpUrl, mailFrom }: Settings, log: Log): Mailer {
  if (smtpUrl === undefined || mailFrom === undefined) return new LogMailer(log);
  return new SmtpMailer(smtpUrl, mailFrom);
}

/** Messages to people and programs: stored with the change that causes them, and delivered later. */
@Module({
  imports: [JobsModule, TypeOrmModule.forFeature([Delivery])],
  providers: [
    Deliveries,
    DeliveryStore,
    { provide: Mailer, inject: [Settings, Log], useFactory: createMailer },
    Outbox,
  ],
  exports: [Deliveries, DeliveryStore, Mailer, Outbox],
})
export class NotificationsModule {}
