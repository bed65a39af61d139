import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './errors.js';
import { admit } from './guard.js';
import type { Keyfence } from './keyfence.js';

export { principalOf } from './guard.js';

/**
 * An `onRequest` hook that lets a request on when it has a good key with all of these permissions, and else
 * answers 400, 401, 403 or 503. The address of the client is Fastify's `request.ip`: set `trustProxy`
 * behind one.
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
