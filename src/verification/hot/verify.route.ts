import type { HotCall, HotResponse, HotRoute } from './hot-route.js';
import { keyText } from './key-text.js';
import { VerificationView, VerifyKey, type RefusalCode } from './verification.dto.js';

const refuse = (code: RefusalCode, authSeq: number, settled?: Promise<void>): HotResponse => ({
  text: `{"valid":false,"code":"${code}","authSeq":${authSeq}}`,
  isRefusal: true,
  settled,
});

/**
 * Responds to a protected service. Without `verify:read` the caller learns only about keys of its own
 * organisation: all others are INVALID.
 */
function respond({ caller, body, subject, judge, ...call }: HotCall<VerifyKey>): HotResponse {
  const { permission, ip, userAgent } = body;
  const maySee = (orgId: string) =>
    caller.permissions.has('verify:read') || caller.org.id === orgId;
  const { verdict, authSeq = call.authSeq, settled } = judge(subject, ip, userAgent);
  if (!verdict.good) {
    // The caller must not learn that a foreign key exists, and only may not be used from here.
    const isVisible = verdict.refusal === 'ip_not_allowed' && maySee(verdict.orgId);
    return refuse(isVisible ? 'IP_NOT_ALLOWED' : 'INVALID', authSeq, settled);
  }
  const { principal } = verdict;
  if (!maySee(principal.org.id)) return refuse('INVALID', authSeq, settled);
  if (permission !== undefined && !principal.permissions.has(permission)) {
    return refuse('INSUFFICIENT_PERMISSION', authSeq);
  }
  return { text: `{"valid":true,"code":"VALID","authSeq":${authSeq},${keyText(principal)}}` };
}

/** "Is this key valid, and what may it do?" */
export const verifyRoute: HotRoute<VerifyKey> = {
  methods: ['post'],
  path: 'v1/verify',
  access: { kind: 'any-key' },
  operation: {
    id: 'verifyKey',
    tag: 'Verification',
    summary: 'Ask whether a key is valid',
    description:
      'The status is 200 even if it is not. Without the permission `verify:read` all ' +
      'keys of other organisations are `INVALID`.',
    response: VerificationView,
    isTied: true,
  },
  status: 200,
  body: VerifyKey,
  subjectOf: ({ key }) => key,
  respond,
};
