import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Authentication, Keys } from '../auth/access.guard.js';
import { Problem } from '../common/errors.js';
import { subjectOf } from './subject.js';
import { Verifier } from './verifier.js';

/** Asks the verifier whether the key of a request is valid. */
@Injectable()
export class VerifiedKeys implements Keys {
  constructor(private readonly verifier: Verifier) {}

  wasGood(secret: string, ip: string | undefined): boolean {
    return this.verifier.wasGood(secret, ip);
  }

  async authenticate(secret: string, request: FastifyRequest): Promise<Authentication> {
    const [own, subject] = await this.verifier.find(secret, subjectOf(request));
    request.subject = subject;
    const { ip, headers } = request;
    const { verdict, authSeq } = await this.verifier.judge(own, ip, headers['user-agent']);
    if (verdict.good && authSeq !== undefined) return { principal: verdict.principal, authSeq };
    const isElsewhere = !verdict.good && verdict.refusal === 'ip_not_allowed';
    // Unknown, expired, revoked and suspended get one and the same response.
    throw new Problem(isElsewhere ? 'ip_not_allowed' : 'unauthenticated');
  }
}
