import type { FastifyRequest } from 'fastify';
import { normaliseAddress } from '../common/ip.js';
import type { Origin } from './principal.js';

/** Where the request came from. Fastify has applied the trusted proxies to its address already. */
export function originOf(request: FastifyRequest): Origin {
  const userAgent = request.headers['user-agent'];
  return {
    ip: normaliseAddress(request.ip),
    userAgent: userAgent?.slice(0, 256),
    requestId: request.id,
  };
}
