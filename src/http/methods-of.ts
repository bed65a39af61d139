import { maxHeaderSize, METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';
import Router, { type HTTPMethod } from 'find-my-way';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that have a route for the path of this URL. */
    methodsOf: (url: string) => string[];
  }
}

const isMethod = (name: string): name is HTTPMethod => METHODS.includes(name);

/**
 * Remembers which methods each path has. Fastify's own router says only whether there is a route for one
 * method. Comes before the first route.
 */
export function rememberMethods(fastify: FastifyInstance): void {
  const router = Router({ maxParamLength: maxHeaderSize });
  const methods = new Set<HTTPMethod>();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat().filter(isMethod)) {
      methods.add(each);
      router.on(each, url, () => undefined);
    }
  });
  fastify.decorate('methodsOf', (url) =>
    // The router takes any other form, such as the `*` of OPTIONS, for a path of ours.
    url.startsWith('/')
      ? [...methods].filter((each) => router.find(each, url) !== null).sort()
      : [],
  );
}
