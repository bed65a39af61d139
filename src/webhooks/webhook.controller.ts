import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CreatingCaller } from '../auth/creating-caller.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam, WebhookIdParam } from '../auth/id-param.decorator.js';
import type { Caller } from '../auth/principal.js';
import type { OrgId, WebhookId } from '../common/ids.js';
import { DeliveryCommitted } from '../notifications/delivery.dto.js';
import { Describe } from '../openapi/describe.decorator.js';
import {
  ChangeWebhook,
  CreateWebhook,
  ListWebhooks,
  WebhookCommitted,
  WebhookCreated,
  WebhookPage,
  WebhookView,
} from './webhook.dto.js';
import { WebhookService } from './webhook.service.js';

@Controller('v1/orgs/:orgId/webhooks')
export class WebhookController {
  constructor(private readonly webhooks: WebhookService) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @Requires('webhooks:admin')
  @Describe({
    id: 'createWebhook',
    tag: 'Webhooks',
    summary: 'Create a webhook',
    description:
      'Events are sent by POST, signed after the Standard Webhooks specification, and again with ' +
      'growing pauses for more than a day until they are answered with 2xx. They can come twice, and ' +
      'in any order: `webhook-id` tells them apart.',
    answer: WebhookCreated,
    problems: ['target_not_allowed', 'too_many_webhooks'],
  })
  create(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @Body({ schema: CreateWebhook }) body: CreateWebhook,
  ) {
    return this.webhooks.create(caller, orgId, body);
  }

  @Get()
  @Requires('webhooks:read')
  @Describe({
    id: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List webhooks',
    answer: WebhookPage,
  })
  list(@OrgIdParam() orgId: OrgId, @Query({ schema: ListWebhooks }) query: ListWebhooks) {
    return this.webhooks.list(orgId, query);
  }

  @Get(':webhookId')
  @Requires('webhooks:read')
  @Describe({
    id: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Read a webhook',
    answer: WebhookView,
  })
  get(@OrgIdParam() orgId: OrgId, @WebhookIdParam() webhookId: WebhookId) {
    return this.webhooks.get(orgId, webhookId);
  }

  @Patch(':webhookId')
  @Requires('webhooks:admin')
  @Describe({
    id: 'changeWebhook',
    tag: 'Webhooks',
    summary: 'Change where a webhook leads or what it is sent',
    description: 'What waits to be sent goes to the new URL.',
    answer: WebhookCommitted,
    problems: ['target_not_allowed'],
  })
  change(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @Body({ schema: ChangeWebhook }) body: ChangeWebhook,
  ) {
    return this.webhooks.update(caller, orgId, webhookId, body);
  }

  @Delete(':webhookId')
  @Requires('webhooks:admin')
  @Describe({
    id: 'removeWebhook',
    tag: 'Webhooks',
    summary: 'Remove a webhook',
    description: 'What waits to be sent is not sent any more.',
    answer: WebhookCommitted,
  })
  remove(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
  ) {
    return this.webhooks.remove(caller, orgId, webhookId);
  }

  @Post(':webhookId/rotate-secret')
  @Header('Cache-Control', 'no-store')
  @Requires('webhooks:admin')
  @Describe({
    id: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Set a new secret',
    description:
      'For 24 hours messages carry signatures with both, the new one and the one before it.',
    answer: WebhookCreated,
  })
  rotateSecret(
    @CreatingCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
  ) {
    return this.webhooks.rotateSecret(caller, orgId, webhookId);
  }

  @Post(':webhookId/ping')
  @HttpCode(202)
  @Requires('webhooks:admin')
  @Describe({
    id: 'pingWebhook',
    tag: 'Webhooks',
    summary: 'Send a try',
    description: 'Within seconds, an event of type `ping`. Its delivery tells what became of it.',
    answer: DeliveryCommitted,
  })
  ping(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
  ) {
    return this.webhooks.ping(caller, orgId, webhookId);
  }
}
