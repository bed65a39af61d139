import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { SecretBox } from './secret-box.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookDeliveryController } from './webhook-delivery.controller.js';
import { Webhook } from './webhook.entity.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookService } from './webhook.service.js';
import { WebhookStore } from './webhook.store.js';

/** Telling programs what happens. */
@Module({
  imports: [
    NotificationsModule,
    OutboxModule,
    PermissionsModule,
    TypeOrmModule.forFeature([Webhook]),
  ],
  controllers: [WebhookController, WebhookDeliveryController],
  providers: [
    {
      provide: SecretBox,
      inject: [Settings],
      useFactory: ({ secrets }: Settings) => new SecretBox(secrets),
    },
    {
      provide: WebhookClient,
      inject: [Settings],
      useFactory: ({ allowPrivateWebhooks }: Settings) => new WebhookClient(allowPrivateWebhooks),
    },
    WebhookSender,
    WebhookService,
    WebhookStore,
  ],
  exports: [WebhookSender],
})
export class WebhooksModule {}
