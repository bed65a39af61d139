import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/errors.js';
import { Describe } from '../openapi/describe.decorator.js';

const { resolve } = createRequire(import.meta.url);

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

const fromPackage = (file: string) => createReadStream(resolve(`swagger-ui-dist/${file}`));

/** What the page loads. */
const files = new Map([
  ['start.js', { type: javascript, open: () => Readable.from(start) }],
  ['swagger-ui-bundle.js', { type: javascript, open: fromPackage }],
  ['swagger-ui.css', { type: 'text/css; charset=utf-8', open: fromPackage }],
  ['favicon-32x32.png', { type: 'image/png', open: fromPackage }],
]);

/** Everything comes from here, and no script stands in the page itself. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

/** Shows `/openapi.json` to people. */
@Controller('docs')
export class DocsController {
  @Get()
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', policy)
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
  file(@Param('file') name: string): StreamableFile {
    const file = files.get(name);
    if (file === undefined) throw new Problem('not_found');
    return new StreamableFile(file.open(name), { type: file.type });
  }
}
