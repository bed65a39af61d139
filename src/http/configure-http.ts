import { randomUUID } from 'node:crypto';
import { maxHeaderSize, METHODS, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import type { Logger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { answerProblem } from './answer-problem.js';
import { drainConnections } from './draining.js';
import { isKeyInUrl } from './key-in-url.js';
import { problemDocument } from './to-problem.js';

const bodyLimit = 64 * 1024;

/** Answers what Node could not parse as HTTP, where there is no request yet. */
function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const code: ProblemCode =
    error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'invalid_request';
  const problem = new Problem(code);
  const body = JSON.stringify(problemDocument(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export function createAdapter(settings: Settings): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    // A connection that carries a request when we stop is served before it is closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Nothing in a path is too long to be looked at: the server limits all headers together.
    routerOptions: { maxParamLength: maxHeaderSize },
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerMalformed,
  });
}

/** Ahead of everything that could look at the URL, or write it down. */
function refuseKeyInUrl({ url }: FastifyRequest): void {
  if (isKeyInUrl(url)) throw new Problem('key_in_url');
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
}

/** Answers a URL that the router could not decode: no hook or filter sees such a request. */
function answerBadUrl(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  setCommonHeaders(request, reply);
  const code = isKeyInUrl(request.url) ? 'key_in_url' : 'invalid_request';
  answerProblem(new Problem(code, undefined, {}, { cause: error }), request, reply);
}

/** Forward-auth answers for a request whose body stays with the proxy, whatever its headers say. */
function forgetBody(request: FastifyRequest): void {
  if (!request.url.startsWith('/v1/forward-auth/')) return;
  delete request.headers['content-type'];
  delete request.headers['content-length'];
  delete request.headers['transfer-encoding'];
}

/** Many clients name a content type also where they send no body, as with DELETE. */
function acceptJsonOnly(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request, body: string, done) => {
      if (body === '') done(null, undefined);
      else void parseJson(request, body, done);
    },
  );
}

/** Forward-auth answers whatever clients ask of the services behind its proxy. */
function acceptAllRequests(fastify: FastifyInstance): void {
  // A tunnel (CONNECT) is no request; and no other route reads the body of a QUERY.
  const known = fastify.supportedMethods.filter((method) => method !== 'QUERY');
  for (const method of METHODS) {
    if (method === 'CONNECT' || known.includes(method)) continue;
    fastify.addHttpMethod(method, { overrideExisting: true });
  }
  // Node itself would answer an `Expect` that it does not know with 417.
  fastify.server.on('checkExpectation', (request, response) => {
    fastify.server.emit('request', request, response);
  });
}

/** Sets up what all routes share: headers, limits, the request log. */
export async function configureHttp(app: NestFastifyApplication, logger: Logger): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonOnly(fastify);
  acceptAllRequests(fastify);
  drainConnections(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    forgetBody(request);
    refuseKeyInUrl(request);
    done();
  });
  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    metrics.countRequest(method, routeOptions.url, reply.statusCode, reply.elapsedTime);
    // Fields are listed here and nowhere else: a URL or a header could carry a key.
    logger.info(
      {
        requestId: request.id,
        method,
        route: routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        keyId: request.caller?.principal.key.id,
      },
      'request',
    );
    done();
  });
}
