import { Controller, Get } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Public } from '../auth/access.decorator.js';
import { Characters, Describes } from '../common/fields.js';
import { Describe } from '../openapi/describe.decorator.js';
import { buildDocument, type OpenApiDocument } from '../openapi/document.js';
import { routesOf } from '../openapi/routes.js';
import { hotRoutes } from '../verification/hot/hot-routes.js';
import { webhookMessage } from '../webhooks/message.js';

@Describes({
  isOpen: true,
  example: { openapi: '3.1.1', info: { title: 'Keyfence', version: '1' }, paths: {} },
})
class Document {
  @Characters()
  openapi!: string;
}

@Controller()
export class OpenApiController {
  private built: OpenApiDocument | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** The description of all routes; built once, at the first request. */
  @Get('openapi.json')
  @Public()
  @Describe({
    id: 'getOpenApi',
    tag: 'Service',
    summary: 'Describe this interface',
    description: 'This document. `/docs` shows it to people.',
    response: Document,
  })
  document(): OpenApiDocument {
    return (this.built ??= buildDocument([...hotRoutes, ...routesOf(this.modules)], {
      event: webhookMessage,
    }));
  }
}
