import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Negotiator } from '@fastify/accept-negotiator';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../common/errors.js';
import { answerProblem } from './answer-problem.js';

/** What the build of `console/` has left beside this code. */
const folder = new URL('../console/', import.meta.url);

/** Everything comes from here, and neither scripts nor styles stand in the page itself. */
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

/** Paths of pages. They are one document, whose script looks at the path. */
const pages = ['/', '/sign-in', '/organisations', '/:orgId/configuration/*'];

/** Media types of what a build makes. */
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** How the build has compressed them, the best first. */
const suffixes: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };
const negotiator = new Negotiator({ supportedValues: [...Object.keys(suffixes), 'identity'] });

/** Serves the console, which is no part of the API: files that are the same for everybody. */
export function serveConsole(fastify: FastifyInstance): void {
  if (!existsSync(folder)) return;
  const page = readFileSync(new URL('index.html', folder), 'utf8');
  const files = new Set(readdirSync(new URL('assets/', folder)));
  for (const path of pages) {
    fastify.get(path, (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page),
    );
  }
  fastify.get<{ Params: { file: string } }>('/assets/:file', (request, reply) => {
    const { file } = request.params;
    const type = types[extname(file)];
    if (type === undefined || !files.has(file)) {
      answerProblem(new Problem('not_found'), request, reply);
      return reply;
    }
    // Names have a hash of what is in the file.
    void reply.type(type).header('cache-control', 'public, max-age=31536000, immutable');
    const encoding = negotiator.negotiate(request.headers['accept-encoding'] ?? '') ?? '';
    const suffix = suffixes[encoding] ?? '';
    const isCompressed = suffix !== '' && files.has(`${file}${suffix}`);
    void reply.header('vary', 'accept-encoding');
    if (isCompressed) void reply.header('content-encoding', encoding);
    const name = isCompressed ? `${file}${suffix}` : file;
    return reply.send(createReadStream(new URL(`assets/${name}`, folder)));
  });
}
