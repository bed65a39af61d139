import fc, { type Arbitrary } from 'fast-check';
import { newId } from '../../src/common/ids.js';
import { newSecret } from '../../src/common/secret.js';
import type { Known, Schema } from './schema.js';
import type { World } from './world.js';

const addresses = ['192.0.2.0/24', '127.0.0.1', '127.0.0.0/8', '2001:db8::/32', '::1', '0.0.0.0/0'];
const unknownSecret = newSecret('kf');

/** Ids of the organisation that a request is about, and now and then of another one. */
function ids(pattern: string, world: World): Arbitrary<string> | undefined {
  const { org, users, keys, deliveries, webhooks, identities, sessionIds, foreign } = world;
  const pools: Record<string, [own: string[], other: string]> = {
    '^org_': [[org.id], foreign.org],
    '^usr_': [users, foreign.user],
    '^key_': [keys, foreign.key],
    '^dlv_': [deliveries, newId('dlv')],
    '^whk_': [webhooks, foreign.webhook],
    '^idn_': [identities, newId('idn')],
    '^ses_': [sessionIds, newId('ses')],
  };
  const [own, other] = pools[pattern.slice(0, 5)] ?? [[], ''];
  if (own.length === 0) return undefined;
  return fc.oneof({ weight: 11, arbitrary: fc.constantFrom(...own) }, fc.constant(other));
}

function permissions({ org }: World, pattern: string): Arbitrary<string> {
  return fc.oneof(
    { weight: 18, arbitrary: fc.constantFrom(...org.grants) },
    { weight: 1, arbitrary: fc.constantFrom('keys:read', 'orgs:admin') },
    { weight: 1, arbitrary: fc.stringMatching(new RegExp(pattern)) },
  );
}

const anyEmail = fc.emailAddress();
const anyPath = fc.webPath().map((path) => path.slice(1));

/** Days that the policy of a new organisation allows. */
const lifetimes = fc.integer({ min: 1, max: 365 });

const enough = fc.integer({ min: 1_000, max: 100_000 });

/** What the document cannot know: the ids, addresses and secrets that there are. */
export function knownIn(world: World): Known {
  const unique = fc.uuid();
  const fields: Record<string, Arbitrary<unknown>> = {
    key: fc.constantFrom(...world.disposable, world.credentials.revoked, unknownSecret, 'no key'),
    email: fc.oneof(
      fc.constantFrom(...world.emails),
      unique.map((id) => `${id}@example.com`),
      anyEmail,
    ),
    slug: unique.map((id) => `fuzz-${id}`),
    cursor: fc.constantFrom(...world.cursors),
    allowedIps: fc.uniqueArray(fc.constantFrom(...addresses), { minLength: 1 }),
    // Below that, nothing more would be created in this world.
    maxKeysPerMember: enough,
    maxKeysPerOrg: enough,
    expiresInDays: lifetimes,
    expiresAt: lifetimes.map((days) => new Date(Date.now() + days * 86_300_000).toISOString()),
    url: fc.oneof(
      fc.webUrl({ validSchemes: ['https'] }),
      fc.constantFrom('https://127.0.0.1/', 'http://hooks.example.com/'),
    ),
    file: fc.constantFrom('start.js', 'swagger-ui.css', 'favicon-32x32.png'),
    path: anyPath,
    jobKind: fc.constant('usage'),
    jobId: fc.constantFrom(...world.jobs),
    token: fc.constantFrom(...world.links, newSecret('link')),
  };
  return (name: string, { pattern = '', type }: Schema) => {
    if (name === 'permission' && pattern === '') {
      return fc.constantFrom('any', ...world.org.grants);
    }
    if (pattern.endsWith(':(read|write|admin)$')) return permissions(world, pattern);
    // Of a list, only the items have a type that matters here.
    if (type === 'string' && pattern !== '') return ids(pattern, world) ?? fields[name];
    return fields[name];
  };
}
