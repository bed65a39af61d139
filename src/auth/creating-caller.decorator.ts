import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import { containsSecret } from '../common/secret.js';
import { callerOf } from './current-caller.decorator.js';
import type { Caller } from './principal.js';

/**
 * The key of the header (draft-ietf-httpapi-idempotency-key-header), taken as it is: with quotes, as
 * the draft writes it, or without.
 *
 * @returns undefined when there is none
 * @throws Problem `invalid_request`
 */
function idempotencyKey({ raw }: FastifyRequest): string | undefined {
  // Node joins headers that repeat; only here they are still apart.
  const values = raw.headersDistinct['idempotency-key'];
  if (values === undefined) return undefined;
  const [key = ''] = values;
  if (values.length === 1 && /^[\x21-\x7e]{1,255}$/.test(key) && !containsSecret(key)) return key;
  throw new Problem(
    'invalid_request',
    'Idempotency-Key must be one value of 1 to 255 visible ASCII characters, and no API key.',
  );
}

function fingerprint({ method, routeOptions, params, body }: FastifyRequest): Buffer {
  const call = JSON.stringify([method, routeOptions.url, params, body]);
  return createHash('sha256').update(call).digest();
}

export function creatingCaller(_: unknown, context: ExecutionContext): Caller {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const caller = callerOf(request);
  const key = idempotencyKey(request);
  if (key === undefined) return caller;
  const announceReplay = () => {
    void http.getResponse<FastifyReply>().header('idempotency-replayed', 'true');
  };
  const idempotency = {
    key,
    announceReplay,
    // Only when it is asked for: the body is not checked yet, and may be deeper than the stack.
    get fingerprint() {
      return fingerprint(request);
    },
  };
  return { ...caller, idempotency };
}

/** The caller of a call that creates something, with the `Idempotency-Key` if one was sent. */
export const CreatingCaller = createParamDecorator(creatingCaller);
