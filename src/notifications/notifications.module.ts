import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { Log } from '../telemetry/log.js';
import { DeliveryController } from './delivery.controller.js';
import { DeliveryService } from './delivery.service.js';
import { LogMailer } from './log-mailer.js';
import { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

function createMailer({ smtpUrl, mailFrom }: Settings, log: Log): Mailer {
  if (smtpUrl === undefined || mailFrom === undefined) return new LogMailer(log);
  return new SmtpMailer(smtpUrl, mailFrom);
}

/** Telling people what they should know. */
@Module({
  imports: [PermissionsModule, OutboxModule],
  controllers: [DeliveryController],
  providers: [
    { provide: Mailer, inject: [Settings, Log], useFactory: createMailer },
    DeliveryService,
  ],
  exports: [DeliveryService, Mailer],
})
export class NotificationsModule {}
