import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../../common/errors.js';

/**
 * Whether a proxy asks about a request that it holds. Decided by the URL alone, because this must also
 * be known if no route is found.
 */
function isForwardAuth({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return url.startsWith('/v1/forward-auth');
}

/** Forward-auth responds to every request that clients send to the services behind its proxy. */
export function acceptAllRequests(fastify: FastifyInstance): void {
  // A tunnel (CONNECT) is no request. No other route reads the body of a QUERY.
  const known = fastify.supportedMethods.filter((method) => method !== 'QUERY');
  for (const method of METHODS) {
    if (method === 'CONNECT' || known.includes(method)) continue;
    fastify.addHttpMethod(method, { overrideExisting: true });
  }
  // Node itself would respond to an unknown `Expect` with 417.
  fastify.server.on('checkExpectation', (request, response) => {
    fastify.server.emit('request', request, response);
  });
}

/** The body stays with the proxy, whatever the headers of the request say. */
export function forgetBody(request: FastifyRequest): void {
  if (!isForwardAuth(request)) return;
  delete request.headers['content-type'];
  delete request.headers['content-length'];
  delete request.headers['transfer-encoding'];
}

/**
 * Proxies understand a refusal only as 401 or 403, and a fault only as 503. Any other status that a
 * client can provoke they would pass on as a fault of ours.
 */
export function forProxy(problem: Problem, request: FastifyRequest): Problem {
  if (!isForwardAuth(request)) return problem;
  if (problem.status === 403 || problem.status === 503) return problem;
  // This does not say whether the key is valid: it may be.
  if (problem.status === 429) return new Problem('unavailable', undefined, problem.members);
  return new Problem(problem.status < 500 ? 'unauthenticated' : 'unavailable');
}
