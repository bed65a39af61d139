import { isIP } from 'node:net';
import { decide, seesAll } from './decide.js';
import type { HotCall, HotResponse, HotRoute } from './hot-route.js';
import { VerificationBatchView, VerifyBatch } from './verification.dto.js';

const invalid = '"valid":false,"code":"INVALID"';

/** The same form as for one key (see `Address`). */
const isAddress = (ip: string) => isIP(ip) !== 0 && !ip.includes('%');

/**
 * Responds about all keys on one state. Refusals do not delay the response to a caller that learns about
 * all keys: it holds them back itself, so that one refused key does not delay the others.
 */
function respond({ caller, authSeq, body, subjects, judge }: HotCall<VerifyBatch>): HotResponse {
  let isRefusal = false;
  let settled: Promise<void> | undefined;
  const results = body.questions.map(({ ip, userAgent, permission, count }, index) => {
    if (ip !== undefined && !isAddress(ip)) {
      isRefusal = true;
      return `{${invalid}}`;
    }
    const verification = judge(subjects[index], ip, userAgent, count);
    const decision = decide(caller, verification, permission);
    isRefusal ||= decision.isRefusal;
    settled ??= decision.settled;
    return `{${decision.text}}`;
  });
  return {
    text: `{"authSeq":${authSeq},"results":[${results.join(',')}]}`,
    settled: seesAll(caller) ? undefined : settled,
    isRefusal,
  };
}

/** "Which of these keys are valid, and what may they do?" */
export const verifyBatchRoute: HotRoute<VerifyBatch> = {
  methods: ['post'],
  path: 'v1/verify/batch',
  access: { kind: 'any-key' },
  operation: {
    id: 'verifyKeys',
    tag: 'Verification',
    summary: 'Ask whether keys are valid, up to 500 at once',
    description:
      'The results are in the order of the questions, and from one state. Whatever clients have sent as ' +
      'keys, addresses and User-Agents, the call is valid: such a question has the result `INVALID`. ' +
      'Without the permission `verify:read` all keys of other organisations are `INVALID`. With it, ' +
      'hold refusals back until 5 ms after the call was sent: the time of a response could show whether ' +
      'an unknown key exists.',
    response: VerificationBatchView,
    isTied: true,
  },
  status: 200,
  body: VerifyBatch,
  bodyLimit: 256 * 1024,
  subjectsOf: ({ questions }) => questions.map(({ key }) => key),
  respond,
};
