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
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { OrgIdParam, WebhookIdParam } from '../auth/id-param.decorator.js';
import { CreatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import type { OrgId, WebhookId } from '../common/ids.js';
import { Describe } from '../openapi/describe.decorator.js';
import { DeliveryCommitted } from '../operations/delivery.dto.js';
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
      'growing pauses for more than a day until the response is 2xx. They can come twice, and ' +
      'in any order: `webhook-id` identifies them. It takes the permissions to read what the events ' +
      'contain: `keys:read`, `members:read`, `org:read`, and for all events those of a manager.',
    response: WebhookCreated,
    problems: ['exceeds_issuer', 'target_not_allowed', 'too_many_webhooks'],
  })
  create(
    @CreatingCaller() caller: RepeatableCaller,
    @OrgIdParam() orgId: OrgId,
    @Body() body: CreateWebhook,
  ) {
    return this.webhooks.create(caller, orgId, body);
  }

  @Get()
  @Requires('webhooks:read')
  @Describe({
    id: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List webhooks',
    response: WebhookPage,
  })
  list(@OrgIdParam() orgId: OrgId, @Query() query: ListWebhooks) {
    return this.webhooks.list(orgId, query);
  }

  @Get(':webhookId')
  @Requires('webhooks:read')
  @Describe({
    id: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Read a webhook',
    response: WebhookView,
  })
  get(@OrgIdParam() orgId: OrgId, @WebhookIdParam() webhookId: WebhookId) {
    return this.webhooks.get(orgId, webhookId);
  }

  @Patch(':webhookId')
  @Requires('webhooks:admin')
  @Describe({
    id: 'changeWebhook',
    tag: 'Webhooks',
    summary: 'Change the URL or the events of a webhook',
    description:
      'Waiting deliveries go to the new URL. It takes the permissions to read the old events and ' +
      'the new ones.',
    response: WebhookCommitted,
    problems: ['exceeds_issuer', 'target_not_allowed'],
  })
  change(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
    @Body() body: ChangeWebhook,
  ) {
    return this.webhooks.update(caller, orgId, webhookId, body);
  }

  @Delete(':webhookId')
  @Requires('webhooks:admin')
  @Describe({
    id: 'removeWebhook',
    tag: 'Webhooks',
    summary: 'Remove a webhook',
    description: 'Waiting deliveries are not sent any more.',
    response: WebhookCommitted,
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
      'For 24 hours messages carry signatures with both, the new and the previous one. It takes the ' +
      'permissions to read the events that the webhook receives.',
    response: WebhookCreated,
    problems: ['exceeds_issuer'],
  })
  rotateSecret(
    @CreatingCaller() caller: RepeatableCaller,
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
    summary: 'Send a test event',
    description:
      'Within seconds, an event of type `ping`, at most one a second. Its delivery shows the result.',
    response: DeliveryCommitted,
    problems: ['too_many_requests'],
  })
  ping(
    @CurrentCaller() caller: Caller,
    @OrgIdParam() orgId: OrgId,
    @WebhookIdParam() webhookId: WebhookId,
  ) {
    return this.webhooks.ping(caller, orgId, webhookId);
  }
}
