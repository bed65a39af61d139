import type { FastifyRequest } from 'fastify';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import type { Authentication, KeyStrategy } from '../auth/api-key.guard.js';
import type { StrategyName } from '../auth/credentials.js';
import { Problem } from '../common/errors.js';
import type { Verifier } from './verifier.js';

type Done = (error: unknown, user?: Authentication | false, challenge?: unknown) => void;

/**
 * The passport strategies that take a key from `Authorization: Bearer` and from `X-API-Key`.
 * Both ask the same verifier.
 */
export function createKeyStrategies(verifier: Verifier): Record<StrategyName, KeyStrategy> {
  const verify = (secret: string, done: Done, request: FastifyRequest) => {
    verifier.verify(secret, request.ip).then(
      ({ verdict, authSeq }) => {
        if (verdict.good && authSeq !== undefined) {
          done(null, { principal: verdict.principal, authSeq });
        } else if (!verdict.good && verdict.refusal === 'ip_not_allowed') {
          done(null, false, new Problem('ip_not_allowed'));
        } else {
          // Unknown, expired, revoked and suspended are one and the same answer.
          done(null, false);
        }
      },
      (error: unknown) => {
        done(error);
      },
    );
  };
  const strategy = (header: string, prefix: string) =>
    new HeaderAPIKeyStrategy({ header, prefix }, true, verify as never) as unknown as KeyStrategy;
  return {
    'api-key': strategy('X-API-Key', ''),
    'bearer-key': strategy('Authorization', 'Bearer '),
  };
}
