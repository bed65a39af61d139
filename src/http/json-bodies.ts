import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';

/** Bodies are small, and a compressed one could unpack to any size. */
function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  const detail = 'The body must not be compressed: send it without Content-Encoding.';
  throw new Problem('unsupported_media_type', detail);
}

/** Other bytes would become replacement characters, and be stored as such. */
function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new Problem('invalid_request', 'The body is not UTF-8.');
  return body.toString();
}

/** Where there is no body, the type that many clients send with every POST says nothing. */
export function forgetTypeOfNothing({ headers }: FastifyRequest): void {
  const length = headers['content-length'] ?? '0';
  if (length === '0' && headers['transfer-encoding'] === undefined) delete headers['content-type'];
}

/** Bodies are JSON. Many clients send a content type without a body, as with DELETE. */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (body.length === 0) {
        done(null, undefined);
        return;
      }
      refuseCompressed(request);
      void parseJson(request, textOf(body), done);
    },
  );
}
