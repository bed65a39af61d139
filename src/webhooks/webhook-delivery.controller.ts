import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { DeliveryIdParam, OrgIdParam, WebhookIdParam } from '../auth/id-param.decorator.js';
import type { DeliveryId, OrgId, WebhookId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { DeliveryCommitted, DeliveryPage, ListDeliveries } from '../operations/delivery.dto.js';
import { DeliveryService } from '../operations/delivery.service.js';
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
    summary: 'Read the delivery log of a webhook',
    description:
      'The newest first. `?state=failed` are those without further attempts. It takes the ' +
      'permissions to read the events that the webhook receives.',
    response: DeliveryPage,
  })
  async list(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @Query() query: ListDeliveries,
  ) {
    await this.webhooks.assertAudible(caller, orgId, webhookId);
    return this.deliveries.list(query, webhookId);
  }

  @Post(':deliveryId/retry')
  @HttpCode(200)
  @Requires('webhooks:admin')
  @Describe({
    id: 'retryWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Retry a failed delivery',
    description: 'A delivery that has not failed stays as it is.',
    response: DeliveryCommitted,
  })
  async retry(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @DeliveryIdParam() deliveryId: DeliveryId,
  ) {
    await this.webhooks.assertAudible(caller, orgId, webhookId);
    return this.deliveries.retryTo(caller, orgId, webhookId, deliveryId);
  }
}
