import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Session } from './access.guard.js';
import type { Caller, Origin } from './caller.js';
import { originOf } from './origin.js';
import type { BoundedCall } from './throttling/bounded-call.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every route that is open to keys. */
    caller?: Caller;
    /** Set where the calls under way of a credential are bounded. */
    call?: BoundedCall;
    /** Set if the request has a session cookie without a live session. */
    hasSessionEnded?: boolean;
    /** Set by the guard on routes of the session itself. */
    session?: Session;
  }
}

export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
}

/** The caller of the request: who, from where, and what the route demanded. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Who is signed in, on a route of the session itself. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { session } = context.switchToHttp().getRequest<FastifyRequest>();
  if (session === undefined) throw new Error('the route is not one of sessions');
  return session;
});

/** The origin of the request, which is all that a public route knows. */
export const CurrentOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin =>
  originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
