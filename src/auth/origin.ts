import type { FastifyRequest } from 'fastify';
import { normaliseAddress } from '../common/ip.js';
import { containsSecret } from '../common/secret.js';
import type { Origin } from './principal.js';

/** Where the request came from. Fastify has applied the trusted proxies to its address already. */
export function originOf(request: FastifyRequest): Origin {
  return {
    ip: normaliseAddress(request.ip),
    userAgent: readable(request.headers['user-agent']),
    requestId: request.id,
  };
}

/** What the audit log may keep of a User-Agent. */
function readable(userAgent: string | undefined): string | undefined {
  const shown = userAgent?.slice(0, 256);
  return shown !== undefined && containsSecret(shown) ? undefined : shown;
}
