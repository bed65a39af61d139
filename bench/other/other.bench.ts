import type { Request } from 'autocannon';
import { greatestBounds, setBounds } from '../../test/support/bounds.js';
import { createKey, createOrganisation } from '../../test/support/organisation.js';
import { compare } from '../support/compare.js';
import { createVerifyingKey } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite, programOf, type Site } from '../support/service.js';

/** One for each connection: what one organisation can have under way is limited. */
const organisations = 50;

const json = (key: string) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/** What is sent to each route, by the name of the route. */
async function prepare(site: Site): Promise<Record<string, Request[]>> {
  const service = await site.start();
  const verifier = await createVerifyingKey(service);
  const routes: Record<string, Request[]> = {};
  const add = (route: string, request: Request) => (routes[route] ??= []).push(request);
  for (let n = 0; n < organisations; n += 1) {
    const org = await createOrganisation(service);
    await setBounds(service.operator, org, greatestBounds);
    const { secret } = await createKey(org.member, org);
    add('POST /v1/orgs/{orgId}/keys', {
      method: 'POST',
      path: org.path('/keys'),
      headers: json(org.manager.key),
      body: JSON.stringify({ name: 'a key', scope: 'read', allowedIps: ['192.0.2.0/24'] }),
    });
    add('POST /v1/verify', {
      method: 'POST',
      path: '/v1/verify',
      headers: json(verifier),
      body: JSON.stringify({ key: secret }),
    });
    const headers = { authorization: `Bearer ${secret}` };
    add('GET /v1/whoami', { path: '/v1/whoami', headers });
    add('GET /v1/forward-auth/any', { path: '/v1/forward-auth/any', headers });
  }
  await service.stop();
  return routes;
}

/** This checkout beside another one, on the same database. */
if (options.other === undefined)
  throw new Error('--other must be the folder of a compiled checkout');
const program = programOf(options.other);
const patient = { KEYFENCE_FENCE_TIMEOUT_MS: '10000' };
const site = await createSite();
try {
  for (const [route, requests] of Object.entries(await prepare(site))) {
    console.log(`\n### ${route}\n`);
    await compare({
      variants: {
        Other: () => site.start(patient, program),
        This: () => site.start(patient),
      },
      baseline: 'Other',
      requests,
    });
  }
} finally {
  await site.remove();
}
