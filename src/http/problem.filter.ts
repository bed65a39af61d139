import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import { MemberStore } from '../members/member.store.js';
import { Log } from '../telemetry/log.js';
import { answerProblem } from './answer-problem.js';
import { toProblem } from './to-problem.js';

/** Answers every error with a problem document from the one catalogue (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly members: MemberStore,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = await this.withAdvice(toProblem(error), request);
    if (problem.status >= 500) {
      this.log.logger.error(
        { requestId: request.id, code: problem.code, err: error },
        problem.title,
      );
    }
    answerProblem(problem, request, reply);
  }

  /** A member who lacks a permission is told which managers can help. */
  private async withAdvice(problem: Problem, { caller, params }: FastifyRequest): Promise<Problem> {
    if (problem.code !== 'insufficient_permission' || caller?.principal.role !== 'member') {
      return problem;
    }
    const { org } = caller.principal;
    if ((params as { orgId?: string }).orgId !== org.id) return problem;
    try {
      const managers = await this.members.managerNames(org.id);
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
