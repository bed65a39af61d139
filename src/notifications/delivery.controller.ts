import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { DeliveryIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { DeliveryId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { DeliveryCommitted, DeliveryPage, ListDeliveries } from './delivery.dto.js';
import { DeliveryService } from './delivery.service.js';

@Controller('v1/deliveries')
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get()
  @Requires('orgs:read')
  @Describe({
    id: 'listDeliveries',
    tag: 'Deliveries',
    summary: 'List deliveries',
    description: 'Mail and webhooks of all organisations, the newest first.',
    answer: DeliveryPage,
  })
  list(@Query({ schema: ListDeliveries }) query: ListDeliveries) {
    return this.deliveries.list(query);
  }

  @Post(':deliveryId/retry')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Describe({
    id: 'retryDelivery',
    tag: 'Deliveries',
    summary: 'Send again what has failed',
    description: 'It is sent within seconds. A delivery that has not failed stays as it is.',
    answer: DeliveryCommitted,
  })
  retry(@CurrentCaller() caller: Caller, @DeliveryIdParam() deliveryId: DeliveryId) {
    return this.deliveries.retry(caller, deliveryId);
  }
}
