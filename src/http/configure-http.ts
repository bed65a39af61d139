import { randomUUID } from 'node:crypto';
import { maxHeaderSize, METHODS } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keyIdOf } from '../auth/principal.js';
import { Problem } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import type { Logger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { answerProblem } from './answer-problem.js';
import { serveConsole } from './console.js';
import { drainConnections } from './draining.js';
import { isKeyInUrl } from './key-in-url.js';
import { answerMalformed, watchExchanges } from './malformed.js';
import { securityHeaders } from './security-headers.js';

const bodyLimit = 64 * 1024;

/** How long clients may take to send, in milliseconds. */
const timeouts = {
  /** From the connection, or the begin of a further request, to the end of its headers. */
  headersTimeout: 10_000,
  /** The same to the end of the body. */
  requestTimeout: 30_000,
  /** How often all connections are looked at for it. */
  connectionsCheckingInterval: 1_000,
};

export function createAdapter(settings: Settings): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    genReqId: () => randomUUID(),
    requestTimeout: timeouts.requestTimeout,
    http: {
      ...timeouts,
      // Node would answer without a body, and take the first of several: see refuseOddHost.
      requireHostHeader: false,
    },
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

/** A request for several hosts, or for none, could mean something else to a proxy (RFC 9112, section 3.2). */
function refuseOddHost({ raw }: FastifyRequest): void {
  const { rawHeaders } = raw;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) return;
  throw new Problem('invalid_request', 'A request has exactly one Host header.');
}

/** What every answer carries, also one to a request that no route was found for. */
const fixedHeaders = { ...securityHeaders(), 'cache-control': 'no-store' };

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(fixedHeaders).header('x-request-id', request.id);
}

/** What a process tells of itself, whatever its role. */
const machineRoutes = new Set(['/livez', '/readyz', '/metrics']);

/** A worker answers no calls of the API. */
function refuseAllButMachines({ routeOptions }: FastifyRequest): void {
  if (!machineRoutes.has(routeOptions.url ?? '')) throw new Problem('not_found');
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
export function configureHttp(
  app: NestFastifyApplication,
  { role }: Settings,
  logger: Logger,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonOnly(fastify);
  acceptAllRequests(fastify);
  drainConnections(fastify);
  watchExchanges(fastify.server);
  // Node would drop what comes after the first thousand or so, where a proxy may have put the client's
  // address. Their size is limited anyway.
  fastify.server.maxHeadersCount = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    forgetBody(request);
    refuseKeyInUrl(request);
    refuseOddHost(request);
    if (role === 'worker') refuseAllButMachines(request);
    done();
  });
  serveConsole(fastify);
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
        keyId: request.caller && (keyIdOf(request.caller.principal) ?? undefined),
        userId: request.caller?.principal.owner.id,
      },
      'request',
    );
    done();
  });
}
