import { setTimeout as sleep } from 'node:timers/promises';
import { greatestBounds, setBounds } from '../../test/support/bounds.js';
import { Caller } from '../../test/support/client.js';
import { createKey, createOrganisation } from '../../test/support/organisation.js';
import type { Organisation, Person } from '../../test/support/organisation.js';
import { startReceiver } from '../../test/support/receiver.js';
import { cookieOf, sameOrigin } from '../../test/support/sessions.js';
import { createKeys } from '../support/keys.js';
import { forkScript } from '../support/script.js';
import type { Service, Site } from '../support/service.js';
import type { NoiseTask } from './caller.js';
import { report, reportHead, revoke, samples, type Revokes } from './revokes.js';

const calls = 600;
const deliveries = 20_000;
/** Milliseconds until the noise is what it will be. */
const warmUp = 3_000;

type Noise = Pick<NoiseTask, 'method' | 'path' | 'credential' | 'isPatient'>;

/** Revokes beside the calls of somebody else. Reports the responses to those, by status. */
async function besideCalls(
  service: Service,
  noise: Noise,
  work: () => Promise<Revokes>,
): Promise<[Revokes, Record<string, number>]> {
  const task: NoiseTask = { ...noise, port: Number(new URL(service.url).port), calls };
  const child = forkScript(new URL('caller.js', import.meta.url), [JSON.stringify(task)]);
  let statuses: Record<string, number> = {};
  child.on('message', (message) => (statuses = message as Record<string, number>));
  try {
    await sleep(warmUp);
    return [await work(), statuses];
  } finally {
    child.kill('SIGKILL');
  }
}

/** The lines of a head with which the console of this person calls. */
async function sessionOf(site: Site, service: Service, { email }: Person): Promise<string> {
  const token = (await site.loginLink(email, service.url)).split('#')[1];
  const origin = sameOrigin(service.url);
  const nobody = new Caller(service.url, []);
  const cookie = cookieOf(await nobody.post('/v1/session', { token }, origin));
  const lines = Object.entries({ cookie, ...origin });
  return lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
}

/** What one member of an organisation can do to others, and what a stranger can. */
async function noises(
  site: Site,
  service: Service,
  noisy: Organisation,
): Promise<Record<string, Noise>> {
  const { id } = await createKey(noisy.member, noisy);
  const path = noisy.path(`/keys/${id}`);
  const credential = `Authorization: Bearer ${noisy.member.key}`;
  const rename = { method: 'PATCH', path, credential, isPatient: false } as const;
  const { secret } = await createKey(noisy.member, noisy);
  const session = await sessionOf(site, service, noisy.member);
  const list = noisy.path('/keys?limit=100');
  return {
    'changes that honour Retry-After': { ...rename, isPatient: true },
    'changes that ignore it': rename,
    'changes of a session that ignore it': { ...rename, credential: session },
    'reads that ignore it': { ...rename, method: 'GET', path: list },
    'changes that are not allowed': { ...rename, credential: `Authorization: Bearer ${secret}` },
    'revokes that ignore it': { ...rename, method: 'DELETE' },
    'made-up sessions': { method: 'GET', path: list, isPatient: false },
  };
}

/** Revokes beside deliveries to a receiver of another organisation that takes them and says nothing. */
async function besideDeliveries(
  { db }: Site,
  noisy: Organisation,
  work: () => Promise<Revokes>,
): Promise<Revokes> {
  const receiver = await startReceiver();
  receiver.mood = 'hangs';
  try {
    const events = ['key.created'];
    const { body } = await noisy.manager.post(noisy.path('/webhooks'), {
      url: receiver.url,
      events,
    });
    await createKey(noisy.member, noisy);
    await db.query(
      `INSERT INTO deliveries
       SELECT (jsonb_populate_record(d, jsonb_build_object('id', 'dlv_' || md5(n::text)))).*
       FROM deliveries d, generate_series(1, $2) n WHERE recipient_id = $1`,
      [body.webhook.id, deliveries],
    );
    await sleep(warmUp);
    const found = await work();
    if (receiver.received.length === 0) throw new Error('nothing was delivered');
    return found;
  } finally {
    await receiver.close();
  }
}

/** Whether an organisation waits for another one that asks for all it can get. */
export async function besideNoise(site: Site): Promise<void> {
  const service = await site.start({ KEYFENCE_ALLOW_PRIVATE_WEBHOOKS: 'true' });
  const [noisy, other] = [await createOrganisation(service), await createOrganisation(service)];
  for (const each of [noisy, other]) await setBounds(service.operator, each, greatestBounds);
  const all = await noises(site, service, noisy);
  const keys = await createKeys(other, (2 + Object.keys(all).length) * samples);
  const some = () => revoke(service, other, keys.splice(0, samples));
  console.log('');
  reportHead();
  report('on their own', await some());
  const lines: string[] = [];
  for (const [name, noise] of Object.entries(all)) {
    const [revokes, statuses] = await besideCalls(service, noise, some);
    report(`beside ${calls} ${name}`, revokes);
    lines.push(`- ${name}: ${JSON.stringify(statuses)}`);
  }
  const hanging = await besideDeliveries(site, noisy, some);
  report(`beside ${deliveries} deliveries to a receiver that hangs`, hanging);
  console.log(`\nThe responses to the others, by status:\n\n${lines.join('\n')}`);
}
