import type { FastifyRequest } from 'fastify';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import type { Authentication, KeyStrategy } from '../auth/access.guard.js';
import type { StrategyName } from '../auth/credentials.js';
import { Problem } from '../common/errors.js';
import { subjectOf } from './subject.js';
import type { Verifier } from './verifier.js';

type Done = (error: unknown, user?: Authentication | false, challenge?: unknown) => void;

async function authenticate(
  verifier: Verifier,
  secret: string,
  request: FastifyRequest,
): Promise<Authentication | Problem | false> {
  const [own, subject] = await verifier.find(secret, subjectOf(request));
  request.subject = subject;
  const { verdict, authSeq } = await verifier.judge(own, request.ip, request.headers['user-agent']);
  if (verdict.good && authSeq !== undefined) return { principal: verdict.principal, authSeq };
  const isElsewhere = !verdict.good && verdict.refusal === 'ip_not_allowed';
  // Unknown, expired, revoked and suspended are one and the same answer.
  return isElsewhere && new Problem('ip_not_allowed');
}

/**
 * The passport strategies that take a key from `Authorization: Bearer` and from `X-API-Key`.
 * Both ask the same verifier.
 */
export function createKeyStrategies(verifier: Verifier): Record<StrategyName, KeyStrategy> {
  const verify = (secret: string, done: Done, request: FastifyRequest) => {
    authenticate(verifier, secret, request).then((result) => {
      if (result instanceof Problem) done(null, false, result);
      else done(null, result);
    }, done);
  };
  const strategy = (header: string, prefix: string) =>
    new HeaderAPIKeyStrategy({ header, prefix }, true, verify as never) as unknown as KeyStrategy;
  return {
    'api-key': strategy('X-API-Key', ''),
    'bearer-key': strategy('Authorization', 'Bearer '),
  };
}
