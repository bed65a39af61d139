import type { Request } from 'autocannon';
import { createDatabase } from '../../test/support/environment.js';
import { compare, startScript } from '../support/compare.js';
import { createKeys, createLargeOrganisation, createVerifyingKey } from '../support/keys.js';
import { createSite, type Site } from '../support/service.js';
import type { Task } from './server.js';

/** Keys that are asked about, one for each connection. */
const keys = 50;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Makes keys, and learns what the service answers about them. */
async function prepare(site: Site) {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service);
  const secrets = (await createKeys(org, keys)).map(({ secret }) => secret);
  const caller = await createVerifyingKey(service);
  const { body: whoami } = await service.as(secrets[0] ?? '').get('/v1/whoami');
  const { body: verify } = await service.as(caller).post('/v1/verify', { key: secrets[0] });
  await service.stop();
  return { secrets, caller, answers: { whoami, verify } };
}

/** Verification over HTTP, beside a route that asks nobody and beside the naive way. */
const site = await createSite();
const database = await createDatabase();
try {
  const { secrets, caller, answers } = await prepare(site);
  const task: Task = { databaseUrl: database.url, secrets: [...secrets, caller], ...answers };
  const script = (variant: string) => () =>
    startScript(new URL('./server.js', import.meta.url), variant, JSON.stringify(task));
  const variants = { Bare: script('Bare'), Keyfence: () => site.start(), Naive: script('Naive') };
  const routes: Record<string, Request[]> = {
    'GET /v1/whoami': secrets.map((key) => ({ path: '/v1/whoami', headers: bearer(key) })),
    'POST /v1/verify': secrets.map((key) => ({
      method: 'POST',
      path: '/v1/verify',
      headers: { ...bearer(caller), 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })),
  };
  for (const [route, requests] of Object.entries(routes)) {
    console.log(`\n### ${route}\n`);
    await compare({ variants, baseline: 'Bare', requests });
  }
} finally {
  await database.drop();
  await site.remove();
}
