import { HttpException } from '@nestjs/common';
import { Problem, type ProblemCode } from '../common/errors.js';
import { isLockTimeout, isUnavailable } from '../database/errors.js';

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

const malformedBody = new Set(['FST_ERR_CTP_INVALID_JSON_BODY', 'FST_ERR_CTP_EMPTY_JSON_BODY']);

function fastifyCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'statusCode' in error) {
    return typeof error.statusCode === 'number' ? error.statusCode : undefined;
  }
  return undefined;
}

/** The problem for any error. Only our own errors give the client details. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = statusOf(error);
  // A client that disconnects in the middle of its body breaks a connection, too; Fastify knows the
  // status.
  if (known === undefined && isUnavailable(error)) {
    return new Problem('unavailable', undefined, {}, { cause: error });
  }
  if (isLockTimeout(error)) return new Problem('busy', undefined, {}, { cause: error });
  const cause = error instanceof HttpException ? error.cause : error;
  if (malformedBody.has(fastifyCode(cause) ?? '') || cause instanceof SyntaxError) {
    return new Problem('malformed_json');
  }
  const status = known ?? 500;
  const code = byStatus[status] ?? (status < 500 ? 'invalid_request' : 'internal');
  return new Problem(code, undefined, {}, { cause: error });
}

/** The body of an RFC 9457 response. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  const { code, status, detail, members } = problem;
  return {
    type: `urn:keyfence:problem:${code}`,
    title: problem.title,
    status,
    code,
    detail,
    ...members,
  };
}
