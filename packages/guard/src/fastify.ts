import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './errors.js';
import { admit } from './guard.js';
import type { Keyfence } from './keyfence.js';

export { principalOf } from './guard.js';

/**
 * A `preHandler` hook that lets a request continue if it has a valid key with all of these permissions.
 * Otherwise it responds with 400, 401, 403 or 503. As `onRequest` it would ask before the body has
 * arrived: its sender would then choose how long after a revocation the request is still processed. The
 * address of the client is Fastify's `request.ip`: set `trustProxy` if there is a proxy in front.
 */
export const requireKey =
  (keyfence: Keyfence, ...permissions: string[]) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    try {
      await admit(keyfence, request.raw, request.ip, permissions);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return reply.code(error.status).headers(error.headers).send(error.body);
    }
  };
