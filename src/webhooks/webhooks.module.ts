import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangesModule } from '../changes/changes.module.js';
import { Settings } from '../config/settings.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OperationsModule } from '../operations/operations.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { SecretBox } from './secret-box.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookDeliveryController } from './webhook-delivery.controller.js';
import { Webhook } from './webhook.entity.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookService } from './webhook.service.js';
import { WebhookStore } from './webhook.store.js';

/** Webhooks: notify programs of what happens. */
@Module({
  imports: [
    ChangesModule,
    NotificationsModule,
    OperationsModule,
    OrgModule,
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
