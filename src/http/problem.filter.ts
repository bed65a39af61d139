import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FactsStore } from '../changes/facts.store.js';
import { Problem } from '../common/errors.js';
import { Log } from '../telemetry/log.js';
import { sendNotFoundPage } from './console.js';
import { respondWithProblem } from './respond-with-problem.js';
import { toProblem } from './to-problem.js';

/** What Nest finds no route for: the path may have other methods (RFC 9110, section 15.5.6). */
function withoutRoute({ server, url }: FastifyRequest, reply: FastifyReply): Problem {
  const allowed = server.methodsOf(url);
  if (allowed.length === 0) return new Problem('not_found');
  void reply.header('allow', allowed.join(', '));
  return new Problem('method_not_allowed');
}

/** Responds to every error with a problem document from the one catalogue (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly facts: FactsStore,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const hasNoRoute = request.is404 && error instanceof NotFoundException;
    const problem = hasNoRoute
      ? withoutRoute(request, reply)
      : await this.withAdvice(toProblem(error), request);
    if (hasNoRoute && problem.code === 'not_found' && sendNotFoundPage(request, reply)) return;
    if (problem.status >= 500) {
      this.log.logger.error(
        { requestId: request.id, code: problem.code, err: error },
        problem.title,
      );
    }
    respondWithProblem(problem, request, reply);
  }

  /** For a member who lacks a permission, adds the managers who can help. */
  private async withAdvice(problem: Problem, { caller, params }: FastifyRequest): Promise<Problem> {
    if (problem.code !== 'insufficient_permission' || caller?.principal.role !== 'member') {
      return problem;
    }
    const { org } = caller.principal;
    if ((params as { orgId?: string }).orgId !== org.id) return problem;
    try {
      const managers = await this.facts.managerNames(org.id);
      if (managers.length === 0) return problem;
      const advice = `Ask a manager of ${org.name}: ${managers.join(', ')}.`;
      return new Problem(problem.code, `${problem.detail ?? ''} ${advice}`.trim(), {
        ...problem.members,
        managers,
      });
    } catch (error) {
      return toProblem(error);
    }
  }
}
