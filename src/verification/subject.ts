import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Finding } from './verifier.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was found of the key that `POST /v1/verify` asks about. */
    subject?: Finding;
  }
}

/**
 * The secret that the request asks about. It is looked up together with the caller's own, so that both
 * are judged on one state of the store.
 */
export function subjectOf({ method, routeOptions, body }: FastifyRequest): string | undefined {
  if (method !== 'POST' || routeOptions.url !== '/v1/verify') return undefined;
  const key = (body as { key?: unknown } | null | undefined)?.key;
  return typeof key === 'string' ? key : undefined;
}

/** What was found of the key that the request asks about; undefined when it is malformed. */
export const Subject = createParamDecorator(
  (_: unknown, context: ExecutionContext): Finding | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().subject,
);
