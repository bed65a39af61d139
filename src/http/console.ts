import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { Problem } from '../common/errors.js';
import { pagePolicy } from './security-headers.js';

/** The output of the build of `console/`, next to this code. */
const folder = fileURLToPath(new URL('../console', import.meta.url));
const assets = `${folder}/assets`;

/** Paths of pages. All are one document, whose script reads the path. */
const pages = ['/', '/sign-in', '/organisations', '/:orgId/configuration/*'];

/** The table of @fastify/static is older than RFC 9239, which allows no other media type for scripts. */
const nameScripts: onSendHookHandler = (_request, reply, payload, done) => {
  const type = String(reply.getHeader('content-type'));
  if (type.startsWith('application/javascript')) void reply.type('text/javascript; charset=utf-8');
  done(null, payload);
};

const sendPage = (_request: unknown, reply: FastifyReply) =>
  reply.header('content-security-policy', pagePolicy).sendFile('index.html', folder);

/** Of the API and of what machines ask for, a problem document is the only response. */
const isForMachines = (url: string) => /^\/(v1|assets|docs)(\/|$|\?)/.test(url);

/**
 * Sends people whose browser found nothing to the page that says so.
 *
 * @returns false for clients of the API, who get a problem document
 */
export function sendNotFoundPage(request: FastifyRequest, reply: FastifyReply): boolean {
  const { method, url, headers } = request;
  const isBrowser = method === 'GET' && (headers.accept ?? '').includes('text/html');
  if (!isBrowser || isForMachines(url) || !existsSync(folder)) return false;
  void sendPage(request, reply.code(404).header('vary', 'accept'));
  return true;
}

/** Serves the console, which is no part of the API: files that are the same for everybody. */
export function serveConsole(fastify: FastifyInstance): void {
  if (!existsSync(folder)) return;
  for (const path of pages) fastify.get(path, { config: { isFile: true } }, sendPage);
  // The compressed files are variants of the others, not files of their own.
  const files = new Set(readdirSync(assets).filter((file) => !/\.(br|gz)$/.test(file)));
  fastify.get<{ Params: { file: string } }>(
    '/assets/:file',
    { config: { isFile: true }, onSend: nameScripts },
    ({ params: { file } }, reply) => {
      if (!files.has(file)) throw new Problem('not_found');
      // The names contain a hash of the content.
      return reply.sendFile(file, assets, { cacheControl: true, maxAge: '365d', immutable: true });
    },
  );
}
