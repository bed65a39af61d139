import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import { problemDocument } from './to-problem.js';

/** Seconds after which a client may try again when a dependency did not answer. */
const defaultRetryAfter = 1;

/**
 * Proxies understand a refusal only as 401 or 403, and a fault only as 503: whatever else a client
 * can provoke, they would pass on as a fault of ours.
 */
function forProxy(problem: Problem, { url }: FastifyRequest): Problem {
  if (!url.startsWith('/v1/forward-auth')) return problem;
  if (problem.status === 403 || problem.status === 503) return problem;
  // No answer about the key, which may be good.
  if (problem.status === 429) return new Problem('unavailable', undefined, problem.members);
  return new Problem(problem.status < 500 ? 'unauthenticated' : 'unavailable');
}

/** Sends the problem document (RFC 9457), with the headers that its status calls for. */
export function answerProblem(thrown: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const problem = forProxy(thrown, request);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="keyfence"');
  if (problem.status === 429 || problem.status === 503) {
    const { retryAfter = defaultRetryAfter } = problem.members;
    void reply.header('retry-after', String(retryAfter));
  }
  void reply.status(problem.status).type('application/problem+json').send(problemDocument(problem));
}
