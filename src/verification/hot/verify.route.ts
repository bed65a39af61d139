import { decide } from './decide.js';
import type { HotCall, HotResponse, HotRoute } from './hot-route.js';
import { VerificationView, VerifyKey } from './verification.dto.js';

function respond({ caller, body, subjects, judge, ...call }: HotCall<VerifyKey>): HotResponse {
  const { permission, ip, userAgent } = body;
  const verification = judge(subjects[0], ip, userAgent);
  const { authSeq = call.authSeq } = verification;
  const { text, settled, isRefusal } = decide(caller, verification, permission);
  return { text: `{${text},"authSeq":${authSeq}}`, settled, isRefusal };
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
  subjectsOf: ({ key }) => [key],
  respond,
};
