import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallBounds } from '../auth/throttling/call-bounds.js';
import { Problem } from '../common/errors.js';
import { nonceHeader, noncePattern } from '../common/nonce.js';
import type { Settings } from '../config/settings.js';
import { keyIdOf } from '../permissions/principal.js';
import type { Logger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { acceptAllRequests, forgetBody } from '../verification/hot/forward-auth/ahead-of-router.js';
import { respondWithProblem } from './respond-with-problem.js';
import { boundCalls } from './bounded-calls.js';
import { serveConsole } from './console.js';
import { drainConnections } from './draining.js';
import { acceptJsonOnly, forgetTypeOfNothing } from './json-bodies.js';
import { isKeyInUrl } from './key-in-url.js';
import { rememberMethods } from './methods-of.js';
import { respondToMalformed, watchExchanges } from './malformed.js';
import { commonHeadersOf } from './security-headers.js';
import { sendFiles } from './static-files.js';

const bodyLimit = 64 * 1024;

/** Milliseconds that clients get for sending. */
const timeouts = {
  /** From the connection, or the begin of the next request, to the end of its headers. */
  headersTimeout: 10_000,
  /** The same to the end of the body. */
  requestTimeout: 30_000,
  /** How often all connections are checked for it. */
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
      // Node would respond without a body, and use the first of several: see refuseOddHost.
      requireHostHeader: false,
    },
    // A connection that carries a request when we stop is closed after its response.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // No path parameter is too long: the server limits the size of all headers together.
    routerOptions: { maxParamLength: maxHeaderSize },
    frameworkErrors: respondToBadUrl(commonHeaders(settings)),
    clientErrorHandler: respondToMalformed,
  });
}

/** Before anything else reads the URL, or logs it. */
function refuseKeyInUrl({ url }: FastifyRequest): void {
  if (isKeyInUrl(url)) throw new Problem('key_in_url');
}

/** A request with several hosts, or none, could have another meaning to a proxy (RFC 9112, section 3.2). */
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

type SetHeaders = (request: FastifyRequest, reply: FastifyReply) => void;

/** They are the same for each response, so they are made once. */
function commonHeaders(settings: Settings): SetHeaders {
  const headers = commonHeadersOf(settings);
  return (request, reply) => {
    void reply.headers(headers).header('x-request-id', request.id);
  };
}

/** The routes that tell whether a key is valid, for services that share connections (`isTied`). */
const tiedRoutes = new Set(['/v1/verify', '/v1/whoami']);
const nonceName = nonceHeader.toLowerCase();
const nonceForm = new RegExp(noncePattern);

function giveBackNonce({ routeOptions, headers }: FastifyRequest, reply: FastifyReply): void {
  if (!tiedRoutes.has(routeOptions.url ?? '')) return;
  const nonce = headers[nonceName];
  if (typeof nonce === 'string' && nonceForm.test(nonce)) void reply.header(nonceName, nonce);
}

/** What a process of any role serves. */
const machineRoutes = new Set(['/livez', '/readyz', '/metrics']);

/** A worker serves no calls of the API. */
function refuseAllButMachines({ routeOptions }: FastifyRequest): void {
  if (!machineRoutes.has(routeOptions.url ?? '')) throw new Problem('not_found');
}

/** Responds to a URL that the router could not decode: no hook or filter sees such a request. */
function respondToBadUrl(setHeaders: SetHeaders) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    setHeaders(request, reply);
    const code = isKeyInUrl(request.url) ? 'key_in_url' : 'invalid_request';
    respondWithProblem(new Problem(code, undefined, {}, { cause: error }), request, reply);
  };
}

/** Sets up what all routes share: headers, limits, the request log. */
export function configureHttp(
  app: NestFastifyApplication,
  settings: Settings,
  logger: Logger,
): void {
  const setHeaders = commonHeaders(settings);
  const fastify = app.getHttpAdapter().getInstance();
  rememberMethods(fastify);
  acceptJsonOnly(fastify);
  acceptAllRequests(fastify);
  drainConnections(fastify);
  watchExchanges(fastify.server);
  // Node would drop all headers after the first thousand or so, where a proxy may have put the client's
  // address. Their size is limited anyway.
  fastify.server.maxHeadersCount = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    giveBackNonce(request, reply);
    forgetBody(request);
    forgetTypeOfNothing(request);
    refuseKeyInUrl(request);
    refuseOddHost(request);
    if (settings.role === 'worker') refuseAllButMachines(request);
    done();
  });
  boundCalls(fastify, app.get(CallBounds));
  sendFiles(fastify);
  serveConsole(fastify);
  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    metrics.countRequest(method, routeOptions.url, reply.statusCode, reply.elapsedTime);
    // The fields are only those listed here: a URL or a header could contain a key.
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
