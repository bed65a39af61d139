import { insertDelivery } from '../support/deliveries.js';
import {
  createKey,
  createOrganisation,
  addPerson,
  type Organisation,
  type Person,
} from '../support/organisation.js';
import { insertIdentity } from '../support/identities.js';
import { failedJob } from '../support/jobs.js';
import { operatorOrgId } from '../support/persons.js';
import type { Service } from '../support/service.js';
import { newLink, signIn } from '../support/sessions.js';
import { createWebhook } from '../support/webhooks.js';

/** What requests can name: so many of each that a few can be lost. */
export interface World {
  /** The one that most requests are about. */
  org: Organisation;
  users: string[];
  keys: string[];
  /** A mail that has failed, and what a webhook was sent. */
  deliveries: string[];
  webhooks: string[];
  /** Accounts of one of the users at identity providers. */
  identities: string[];
  emails: string[];
  /** Jobs that have failed. */
  jobs: string[];
  /** Cookies of people who are signed in, and what others can sign in with. */
  sessions: string[];
  sessionIds: string[];
  origin: string;
  links: string[];
  /** Of another organisation, whose ids are well-formed and none of its business. */
  foreign: { org: string; user: string; key: string; webhook: string };
  /** Only for reading: what ends the operators' own key would end the run. */
  operatorOrg: string;
  credentials: {
    operator: string;
    managers: string[];
    members: string[];
    /** A member's, a key that can do one thing, a key of scope read, and one of somebody else. */
    others: string[];
    revoked: string;
  };
  /** Secrets of keys that may be lost to `POST /v1/revoke`. */
  disposable: string[];
  cursors: string[];
}

async function cursorsOf({ operator }: Service, org: Organisation): Promise<string[]> {
  const lists = ['/keys?', '/keys?sort=name&', '/members?', '/audit-events?', '/webhooks?'];
  const all = [...lists.map((list) => org.path(list)), '/v1/orgs?', '/v1/users?'];
  const paths = all.map((path) => `${path}limit=1`);
  const responses = await Promise.all(paths.map((path) => operator.get(path)));
  return responses.map(({ body }) => body.nextCursor as string);
}

async function webhooksOf(org: Organisation): Promise<{ webhooks: string[]; ping: string }> {
  const webhooks = await Promise.all([org, org, org].map((each) => createWebhook(each)));
  const ping = await org.manager.post(org.path(`${webhooks[0]?.path}/ping`));
  return { webhooks: webhooks.map(({ id }) => id), ping: ping.body.id as string };
}

async function cookiesOf(service: Service, people: readonly Person[]): Promise<string[]> {
  const cookies: string[] = [];
  // One after the other: using a link ends the others of that person.
  for (const person of people) cookies.push((await signIn(service, person)).cookie);
  return cookies;
}

/** Of one user, who is not signed in: when the first of them is taken away, sessions end. */
function identitiesOf({ db }: Service, { userId }: Person): Promise<string[]> {
  return Promise.all(Array.from({ length: 4 }, () => insertIdentity(db, userId)));
}

/** Signs these people in, one after the other. */
async function sessionsOf(service: Service, people: Person[]) {
  const sessions = await cookiesOf(service, people);
  const { rows } = await service.db.query<{ id: string }>(
    'SELECT id FROM sessions WHERE user_id = ANY($1)',
    [people.map(({ userId }) => userId)],
  );
  return { sessions, sessionIds: rows.map(({ id }) => id) };
}

/** A new organisation with people and keys, beside another one. */
export async function createWorld(service: Service): Promise<World> {
  const [org, other] = [await createOrganisation(service), await createOrganisation(service)];
  const { manager, member } = org;
  const [second, worker, robot, narrow, readOnly, revoked, operatorOrg, delivery] =
    await Promise.all([
      addPerson(service, org.id, 'manager'),
      addPerson(service, org.id, 'member'),
      manager.post(org.path('/service-accounts'), { name: 'robot' }),
      createKey(manager, org, { scope: 'admin', permissions: ['keys:read'] }),
      createKey(manager, org),
      createKey(member, org),
      operatorOrgId(service),
      insertDelivery(service.db),
    ]);
  await manager.delete(org.path(`/keys/${revoked.id}`));
  const people = [manager, second, member, worker];
  const disposable = await Promise.all(
    [...people, member, worker].map((owner) => createKey(owner, org, { scope: 'admin' })),
  );
  const { ping, ...hooks } = await webhooksOf(org);
  return {
    org,
    users: [...people.map(({ userId }) => userId), robot.body.userId as string],
    keys: [...disposable, revoked, narrow, readOnly].map(({ id }) => id),
    deliveries: [delivery, ping],
    ...hooks,
    identities: await identitiesOf(service, worker),
    emails: [...people, other.member].map(({ email }) => email),
    jobs: [await failedJob(service)],
    ...(await sessionsOf(service, [manager, manager, second, member, member])),
    origin: service.settings.publicUrl ?? service.url,
    links: [await newLink(service, worker.email)],
    foreign: {
      org: other.id,
      user: other.member.userId,
      key: other.member.keyId,
      webhook: (await createWebhook(other)).id,
    },
    operatorOrg,
    credentials: {
      operator: service.operator.key ?? '',
      managers: [manager.key, second.key],
      members: [member.key, worker.key],
      others: [narrow.secret, readOnly.secret, other.manager.key],
      revoked: revoked.secret,
    },
    disposable: disposable.map(({ secret }) => secret),
    cursors: await cursorsOf(service, org),
  };
}

/** All secrets of a world: none may be shown again. */
export function secretsOf({ credentials, disposable }: World): string[] {
  const { operator, managers, members, others, revoked } = credentials;
  return [operator, ...managers, ...members, ...others, revoked, ...disposable];
}
