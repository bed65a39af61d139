import type { ModulesContainer } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { routesOf } from '../openapi/routes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that sends a file, which is the same for everybody. */
    isFile?: boolean;
  }
}

/**
 * Refuses, at the start, every route that is neither of a controller, nor one of the hot routes, nor a
 * file: nobody would have decided who may call it. Comes before the first route.
 */
export function refuseUndeclaredRoutes(fastify: FastifyInstance, modules: ModulesContainer): void {
  const declared = new Set(
    routesOf(modules).flatMap(({ methods, path }) =>
      methods.map((method) => `${method.toUpperCase()} /${path}`),
    ),
  );
  // Fastify adds HEAD to each GET.
  const isDeclared = (method: string, url: string) =>
    declared.has(`${method} ${url}`) || (method === 'HEAD' && declared.has(`GET ${url}`));
  fastify.addHook('onRoute', ({ method, url, config }) => {
    if (config?.hot !== undefined || config?.isFile === true) return;
    for (const each of [method].flat()) {
      if (!isDeclared(each, url)) throw new Error(`nobody declares the route ${each} ${url}`);
    }
  });
}
