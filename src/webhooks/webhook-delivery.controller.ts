import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { DeliveryIdParam, OrgIdParam, WebhookIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { DeliveryId, OrgId, WebhookId } from '../common/ids.js';
import { DeliveryCommitted, DeliveryPage, ListDeliveries } from '../notifications/delivery.dto.js';
import { DeliveryService } from '../notifications/delivery.service.js';
import { Describe } from '../openapi/describe.decorator.js';
import { WebhookService } from './webhook.service.js';

@Controller('v1/orgs/:orgId/webhooks/:webhookId/deliveries')
export class WebhookDeliveryController {
  constructor(
    private readonly webhooks: WebhookService,
    private readonly deliveries: DeliveryService,
  ) {}

  @Get()
  @Requires('webhooks:read')
  @Describe({
    id: 'listWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'List what a webhook was sent',
    description: 'The newest first. `?state=failed` are those that nobody tries to send any more.',
    answer: DeliveryPage,
  })
  async list(
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @Query({ schema: ListDeliveries }) query: ListDeliveries,
  ) {
    await this.webhooks.get(orgId, webhookId);
    return this.deliveries.list(query, webhookId);
  }

  @Post(':deliveryId/retry')
  @HttpCode(200)
  @Requires('webhooks:admin')
  @Describe({
    id: 'retryWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Send again what has failed',
    description: 'A delivery that has not failed stays as it is.',
    answer: DeliveryCommitted,
  })
  retry(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @DeliveryIdParam() deliveryId: DeliveryId,
  ) {
    return this.deliveries.retryTo(caller, orgId, webhookId, deliveryId);
  }
}
