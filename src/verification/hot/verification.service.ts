import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { Verifier, type Finding } from '../verifier.js';
import { keyFacts, type VerificationView, type VerifyKey } from './verification.dto.js';

@Injectable()
export class VerificationService {
  constructor(private readonly verifier: Verifier) {}

  /**
   * Responds to a protected service. Without `verify:read` the caller learns only about keys of its own
   * organisation: all others are INVALID.
   *
   * @param subject what was found of the key; undefined when it is malformed
   */
  async verify(
    caller: Caller,
    subject: Finding | undefined,
    { permission, ip, userAgent }: VerifyKey,
  ): Promise<VerificationView> {
    const { verdict, authSeq = caller.authSeq } = await this.verifier.judge(subject, ip, userAgent);
    if (!verdict.good) {
      // The caller must not learn that a foreign key exists, and only may not be used from here.
      const visible = verdict.refusal === 'ip_not_allowed' && this.maySee(caller, verdict.orgId);
      return { valid: false, code: visible ? 'IP_NOT_ALLOWED' : 'INVALID', authSeq };
    }
    const { principal } = verdict;
    if (!this.maySee(caller, principal.org.id)) return { valid: false, code: 'INVALID', authSeq };
    if (permission !== undefined && !principal.permissions.has(permission)) {
      return { valid: false, code: 'INSUFFICIENT_PERMISSION', authSeq };
    }
    return { valid: true, code: 'VALID', authSeq, ...keyFacts(principal) };
  }

  private maySee({ principal }: Caller, orgId: string): boolean {
    return principal.permissions.has('verify:read') || principal.org.id === orgId;
  }
}
