import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../common/errors.js';
import { noSessionCookie } from '../sessions/session-cookie.js';
import { forProxy } from '../verification/hot/forward-auth/ahead-of-router.js';
import { problemDocument } from './to-problem.js';

/** Seconds after which a client may retry when a dependency did not respond. */
const defaultRetryAfter = 1;

/** Sends the problem document (RFC 9457), with the headers of its status. */
export function respondWithProblem(
  thrown: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = forProxy(thrown, request);
  if (problem.status === 401) {
    void reply.header('www-authenticate', 'Bearer realm="keyfence"');
    // The browser need not send the cookie of an ended session again.
    if (request.hasSessionEnded === true) void reply.header('set-cookie', noSessionCookie);
  }
  const { retryAfter = defaultRetryAfter } = problem.members;
  if (problem.status === 503 || 'retryAfter' in problem.members) {
    void reply.header('retry-after', String(retryAfter));
  }
  void reply.status(problem.status).type('application/problem+json').send(problemDocument(problem));
}
