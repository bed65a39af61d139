import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Authentication, Keys } from '../auth/access.guard.js';
import { Problem } from '../common/errors.js';
import type { KeyDecision } from '../permissions/judge.js';
import { Verifier } from './verifier.js';

/** Unknown, expired, revoked and suspended get one and the same response. */
export function refusalOf(verdict: KeyDecision): Problem {
  const isElsewhere = !verdict.good && verdict.refusal === 'ip_not_allowed';
  return new Problem(isElsewhere ? 'ip_not_allowed' : 'unauthenticated');
}

/** Asks the verifier whether the key of a request is valid. */
@Injectable()
export class VerifiedKeys implements Keys {
  constructor(private readonly verifier: Verifier) {}

  wasGood(secret: string, ip: string | undefined): boolean {
    return this.verifier.wasGood(secret, ip);
  }

  async authenticate(secret: string, request: FastifyRequest): Promise<Authentication> {
    const found = await this.verifier.findOne(secret);
    const { ip, headers } = request;
    const { verdict, authSeq, settled } = this.verifier.judge(found, ip, headers['user-agent']);
    if (verdict.good && authSeq !== undefined) return { principal: verdict.principal, authSeq };
    await settled;
    throw refusalOf(verdict);
  }
}
