import type { Request } from 'autocannon';
import { createDatabase } from '../../test/support/environment.js';
import { compare, startScript, type Comparison } from '../support/compare.js';
import { createKeys, createLargeOrganisation, createVerifyingKey } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite, programOf, type Site } from '../support/service.js';
import type { Task } from './server.js';

const { other } = options;

/** Keys that are asked about, one for each connection. */
const keys = 50;

/** How long it takes is what is measured: nobody stops before. */
const patient = { KEYFENCE_FENCE_TIMEOUT_MS: '10000' };

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Makes keys, and learns what the service responds about them. */
async function prepare(site: Site) {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service);
  const secrets = (await createKeys(org, keys)).map(({ secret }) => secret);
  const caller = await createVerifyingKey(service);
  const { body: whoami } = await service.as(secrets[0] ?? '').get('/v1/whoami');
  const { body: verify } = await service.as(caller).post('/v1/verify', { key: secrets[0] });
  const { headers } = await service.as(secrets[0] ?? '').get('/v1/forward-auth/any');
  const forwardAuth = Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith('x-keyfence-')),
  );
  await service.stop();
  return { secrets, caller, responses: { whoami, verify, forwardAuth } };
}

/** Verification over HTTP, beside routes that ask nobody and beside what else there is. */
const site = await createSite();
const database = await createDatabase();
try {
  const { secrets, caller, responses } = await prepare(site);
  const { REDIS_URL: redisUrl } = process.env;
  const all = [...secrets, caller];
  const task: Task = { databaseUrl: database.url, redisUrl, secrets: all, ...responses };
  const script = (file: string, variant: string) => () =>
    startScript(new URL(file, import.meta.url), variant, JSON.stringify(task));
  const own = {
    Bare: script('./server.js', 'Bare'),
    Fastify: script('./fastify.js', 'Fastify'),
    Keyfence: () => site.start(patient),
    ...(other !== undefined && {
      'Keyfence, other': () => site.start(patient, programOf(other)),
    }),
    'Keyfence, direct': () => site.start({ ...patient, KEYFENCE_VERIFY: 'direct' }),
  };
  const asking = {
    ...own,
    Naive: script('./server.js', 'Naive'),
    'Better Auth': script('./fastify.js', 'BetterAuth'),
    ...(redisUrl && { 'Better Auth, Redis': script('./fastify.js', 'BetterAuthRedis') }),
  };
  const routes: [string, Comparison['variants'], Request[]][] = [
    [
      'GET /v1/whoami',
      asking,
      secrets.map((key) => ({ path: '/v1/whoami', headers: bearer(key) })),
    ],
    [
      'POST /v1/verify',
      asking,
      secrets.map((key) => ({
        method: 'POST',
        path: '/v1/verify',
        headers: { ...bearer(caller), 'content-type': 'application/json' },
        body: JSON.stringify({ key }),
      })),
    ],
    [
      'GET /v1/forward-auth/telemetry:read',
      own,
      secrets.map((key) => ({
        path: '/v1/forward-auth/telemetry:read',
        headers: bearer(key),
      })),
    ],
  ];
  for (const [route, variants, requests] of routes) {
    console.log(`\n### ${route}\n`);
    await compare({ variants, baseline: 'Bare', requests });
  }
} finally {
  await database.drop();
  await site.remove();
}
