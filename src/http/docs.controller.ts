import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { pagePolicy } from './security-headers.js';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Keyfence API</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <main id="docs"></main>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true });
`;

const javascript = 'text/javascript; charset=utf-8';

/** What the page loads, by media type. */
const types = new Map([
  ['start.js', javascript],
  ['swagger-ui-bundle.js', javascript],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
]);

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/** Shows `/openapi.json` to people. */
@Controller('docs')
export class DocsController {
  @Get()
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', pagePolicy)
  @Describe({
    id: 'getDocs',
    tag: 'Service',
    summary: 'Read this description in a browser',
    text: { type: 'text/html', example: page },
  })
  page(): string {
    return page;
  }

  @Get(':file')
  @Public()
  @Describe({
    id: 'getDocsFile',
    tag: 'Service',
    summary: 'Get a script, style or image of that page',
    text: { type: '*/*', example: start },
  })
  file(
    @Param('file') name: string,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const type = types.get(name);
    if (type === undefined) throw new Problem('not_found');
    void reply.type(type);
    if (name === 'start.js') {
      void reply.send(start);
      return;
    }
    // They refer to what a client has cached, and it caches none of these.
    for (const condition of conditions) Reflect.deleteProperty(headers, condition);
    void reply.sendFile(name, folder, { contentType: false, etag: false, lastModified: false });
  }
}
