import { resolve } from 'node:path';
import { noNginx } from '../../test/support/environment.js';
import { compare, startScript } from '../support/compare.js';
import { createKeys, createLargeOrganisation, createVerifyingKey } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite } from '../support/service.js';

const { other } = options;
/** The guard package of another checkout. */
const guardOf = (folder: string) => resolve(folder, 'packages/guard/dist');

/** Keys that requests come with, one for each connection. */
const keys = 50;

/** A service that the guard package or nginx protects, beside the same one that nobody does. */
const site = await createSite();
try {
  const service = await site.start({ KEYFENCE_FENCE_TIMEOUT_MS: '10000' });
  const org = await createLargeOrganisation(site, service, keys);
  const secrets = (await createKeys(org, keys)).map(({ secret }) => secret);
  const verifier = await createVerifyingKey(service);
  const run = (file: string, ...args: string[]) =>
    startScript(new URL(file, import.meta.url), ...args);
  const requestsTo = (path: string) =>
    secrets.map((key) => ({ path, headers: { authorization: `Bearer ${key}` } }));

  for (const framework of ['Express', 'Fastify', 'Nest']) {
    console.log(`\n### ${framework}\n`);
    await compare({
      baseline: 'unprotected',
      variants: {
        unprotected: () => run('./server.js', framework),
        protected: () => run('./server.js', framework, service.url, verifier),
        ...(other !== undefined && {
          'other guard': () => run('./server.js', framework, service.url, verifier, guardOf(other)),
        }),
      },
      beside: () => service.cpu(),
      requests: requestsTo('/'),
    });
  }
  if (noNginx === false) {
    console.log('\n### nginx\n');
    await compare({
      baseline: 'unprotected',
      variants: {
        unprotected: () => run('./nginx.js'),
        protected: () => run('./nginx.js', service.url),
      },
      beside: () => service.cpu(),
      requests: requestsTo('/telemetry'),
    });
  }
} finally {
  await site.remove();
}
