import type { FastifyRequest } from 'fastify';
import { normaliseAddress } from '../common/ip.js';
import { beginningOf } from '../common/secret.js';
import type { Origin } from './caller.js';

/** The origin of a request. Fastify has applied the trusted proxies to its address already. */
export function originOf(request: FastifyRequest): Origin {
  return {
    ip: normaliseAddress(request.ip),
    userAgent: readable(request.headers['user-agent']),
    requestId: request.id,
  };
}

/** What the audit log may store of a User-Agent. */
function readable(userAgent: string | undefined): string | undefined {
  return userAgent === undefined ? undefined : beginningOf(userAgent, 256);
}
