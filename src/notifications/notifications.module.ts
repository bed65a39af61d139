import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Log } from '../telemetry/log.js';
import { Deliveries } from './deliveries.js';
import { DeliveryController } from './delivery.controller.js';
import { Delivery } from './delivery.entity.js';
import { DeliveryService } from './delivery.service.js';
import { DeliveryStore } from './delivery.store.js';
import { LogMailer } from './log-mailer.js';
import { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

function createMailer({ smtpUrl, mailFrom }: Settings, log: Log): Mailer {
  if (smtpUrl === undefined || mailFrom === undefined) return new LogMailer(log);
  return new SmtpMailer(smtpUrl, mailFrom);
}

/** Telling people what they should know. */
@Module({
  imports: [PermissionsModule, QueueModule, TypeOrmModule.forFeature([Delivery])],
  controllers: [DeliveryController],
  providers: [
    { provide: Mailer, inject: [Settings, Log], useFactory: createMailer },
    Deliveries,
    DeliveryService,
    DeliveryStore,
  ],
  exports: [Deliveries, DeliveryStore],
})
export class NotificationsModule {}
