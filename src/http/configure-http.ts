import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import { ModulesContainer } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallBounds } from '../auth/throttling/call-bounds.js';
import { Problem } from '../common/errors.js';
import { nonceHeader, noncePattern } from '../common/nonce.js';
import type { Settings } from '../config/settings.js';
import type { Logger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import type { HotRoute } from '../verification/hot/hot-route.js';
import { acceptAllRequests, forgetBody } from '../verification/hot/forward-auth/ahead-of-router.js';
import { respondWithProblem } from './respond-with-problem.js';
import { boundCalls } from './bounded-calls.js';
import { serveConsole } from './console.js';
import { refuseUndeclaredRoutes } from './declared-routes.js';
import { drainConnections } from './draining.js';
import { acceptJsonOnly, forgetTypeOfNothing } from './json-bodies.js';
import { isKeyInUrl } from './key-in-url.js';
import { rememberMethods } from './methods-of.js';
import { logRequests } from './request-log.js';
import { respondToMalformed, watchExchanges } from './malformed.js';
import { commonHeadersOf, headersForPrograms } from './security-headers.js';
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

type SetHeaders = (request: FastifyRequest, reply: FastifyReply, hot?: HotRoute) => void;

/** They are the same for each response, so they are made once. */
function commonHeaders(settings: Settings): SetHeaders {
  const all = commonHeadersOf(settings);
  const forPrograms = headersForPrograms(all);
  return (request, reply, hot) => {
    void reply.headers(hot === undefined ? all : forPrograms).header('x-request-id', request.id);
  };
}

const nonceName = nonceHeader.toLowerCase();
const nonceForm = new RegExp(noncePattern);

/** For services that share connections. */
function giveBackNonce({ headers }: FastifyRequest, reply: FastifyReply): void {
  const nonce = headers[nonceName];
  if (typeof nonce === 'string' && nonceForm.test(nonce)) void reply.header(nonceName, nonce);
}

/** What a process of any role serves. */
const machineRoutes = new Set(['/livez', '/readyz', '/metrics']);

/** A worker serves no calls of the API. */
function refuseAllButMachines(url: string | undefined): void {
  if (!machineRoutes.has(url ?? '')) throw new Problem('not_found');
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
  refuseUndeclaredRoutes(fastify, app.get(ModulesContainer));
  acceptJsonOnly(fastify);
  acceptAllRequests(fastify);
  drainConnections(fastify);
  watchExchanges(fastify.server);
  // Node would drop all headers after the first thousand or so, where a proxy may have put the client's
  // address. Their size is limited anyway.
  fastify.server.maxHeadersCount = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    const { config, url } = request.routeOptions;
    setHeaders(request, reply, config.hot);
    if (config.hot?.operation.isTied === true) giveBackNonce(request, reply);
    forgetBody(request);
    forgetTypeOfNothing(request);
    refuseKeyInUrl(request);
    refuseOddHost(request);
    if (settings.role === 'worker') refuseAllButMachines(url);
    done();
  });
  boundCalls(fastify, app.get(CallBounds));
  sendFiles(fastify);
  serveConsole(fastify);
  const { logVerifications } = settings;
  logRequests(fastify, { metrics: app.get(Metrics), logger, logVerifications });
}
