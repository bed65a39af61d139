import type { FastifyInstance } from 'fastify';
import { keyIdOf } from '../permissions/principal.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** Milliseconds after which a verification is logged, although the key was valid. */
const slowMs = 100;

interface RequestLog {
  metrics: Metrics;
  logger: Logger;
  /** Whether valid verifications are logged that were not slow, too. */
  logVerifications: boolean;
}

/** Counts each request, and logs it. */
export function logRequests(
  fastify: FastifyInstance,
  { metrics, logger, logVerifications }: RequestLog,
): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, principal = request.caller?.principal } = request;
    const { url } = routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    metrics.countRequest(method, url, status, elapsedTime);
    done();
    const isUsual = request.isValid === true && elapsedTime <= slowMs;
    if (isUsual && !logVerifications) return;
    // The fields are only those listed here: a URL or a header could contain a key.
    logger.info(
      {
        requestId: request.id,
        method,
        route: url,
        status,
        ms: Math.round(elapsedTime * 10) / 10,
        keyId: principal && (keyIdOf(principal) ?? undefined),
        userId: principal?.owner.id,
      },
      'request',
    );
  });
}
