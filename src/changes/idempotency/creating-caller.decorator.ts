import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../auth/current-caller.decorator.js';
import { Problem } from '../../common/errors.js';
import { isObject } from '../../common/fields.js';
import { containsSecret } from '../../common/secret.js';
import type { RepeatableCaller } from './idempotency.js';

/**
 * The key of the header (draft-ietf-httpapi-idempotency-key-header), taken as it is: with quotes, as in
 * the draft, or without.
 *
 * @returns undefined when there is none
 * @throws Problem `invalid_request`
 */
function idempotencyKey({ raw }: FastifyRequest): string | undefined {
  // Node joins repeated headers; only here they are still separate.
  const values = raw.headersDistinct['idempotency-key'];
  if (values === undefined) return undefined;
  const [key = ''] = values;
  if (values.length === 1 && /^[\x21-\x7e]{1,255}$/.test(key) && !containsSecret(key)) return key;
  throw new Problem(
    'invalid_request',
    'Idempotency-Key must be one value of 1 to 255 visible ASCII characters, and no API key.',
  );
}

/** The members of an object have no order (RFC 8259, section 1): clients that retry may write another. */
const inOneOrder = (_: string, value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

function fingerprint(
  { method, routeOptions, params, body }: FastifyRequest,
  order?: typeof inOneOrder,
): Buffer {
  const call = JSON.stringify([method, routeOptions.url, params, body], order);
  return createHash('sha256').update(call).digest();
}

export function creatingCaller(_: unknown, context: ExecutionContext): RepeatableCaller {
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
    // Computed only when needed: the body is not checked yet, and may be nested deeper than the stack.
    get fingerprint() {
      return fingerprint(request, inOneOrder);
    },
    get fingerprintBefore() {
      return fingerprint(request);
    },
  };
  return { ...caller, idempotency };
}

/** The caller of a call that creates something, with the `Idempotency-Key` if one was sent. */
export const CreatingCaller = createParamDecorator(creatingCaller);
