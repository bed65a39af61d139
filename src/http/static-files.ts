import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Lets routes send files. Routes list their files, so the path of a request never becomes a path of the
 * file system.
 */
export function sendFiles(fastify: FastifyInstance): void {
  void fastify.register(fastifyStatic, {
    serve: false,
    preCompressed: true,
    acceptRanges: false,
    // All responses have `no-store` already.
    cacheControl: false,
  });
}
