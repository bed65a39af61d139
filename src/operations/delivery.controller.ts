import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { DeliveryIdParam } from '../auth/id-param.decorator.js';
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
    response: DeliveryPage,
  })
  list(@Query() query: ListDeliveries) {
    return this.deliveries.list(query);
  }

  @Post(':deliveryId/retry')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Describe({
    id: 'retryDelivery',
    tag: 'Deliveries',
    summary: 'Retry a failed delivery',
    description: 'It is sent within seconds. A delivery that has not failed stays as it is.',
    response: DeliveryCommitted,
  })
  retry(@CurrentCaller() caller: Caller, @DeliveryIdParam() deliveryId: DeliveryId) {
    return this.deliveries.retry(caller, deliveryId);
  }
}
