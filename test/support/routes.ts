import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Collects the routes that the router gets to know: `GET /v1/orgs/:orgId`. */
export function collectRoutes(app: NestFastifyApplication, into: Set<string>): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) into.add(`${one} ${url}`);
    });
}
