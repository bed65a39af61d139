import { randomBytes } from 'node:crypto';
import type { ApiResponse, Caller } from './client.js';
import type { Service } from './service.js';

/** Somebody in an organisation, with a key of scope admin. */
export interface Person extends Pick<Caller, 'get' | 'post' | 'put' | 'patch' | 'delete' | 'call'> {
  userId: string;
  email: string;
  keyId: string;
  key: string;
}

export interface Organisation {
  id: string;
  slug: string;
  grants: string[];
  manager: Person;
  member: Person;
  /** Path of one of its resources: `org.path('/keys')`. */
  path(rest?: string): string;
}

/** What it takes to set up an organisation: a service of a test, or one that is a process. */
type Reachable = Pick<Service, 'operator' | 'as'>;

const unique = () => randomBytes(5).toString('hex');

/** So that a failure is named where it happens. */
function created(response: ApiResponse, status = 201): ApiResponse {
  if (response.status !== status)
    throw new Error(`not created: ${response.status} ${response.text}`);
  return response;
}

/** Adds a person to an organisation, as the operator does, with a key of their own. */
export async function addPerson(
  service: Reachable,
  orgId: string,
  role: 'manager' | 'member',
  grants: string[] | null = null,
): Promise<Person> {
  const email = `${role}-${unique()}@example.com`;
  const { operator } = service;
  const user = created(await operator.post('/v1/users', { email, name: `A ${role}` }));
  const userId = user.body.id as string;
  const path = `/v1/orgs/${orgId}/members/${userId}`;
  created(await operator.put(path, { role, grants }), 200);
  const body = { name: `${role} key`, scope: 'admin', ownerId: userId };
  const issued = created(await operator.post(`/v1/orgs/${orgId}/keys`, body));
  const key = issued.body.secret as string;
  const keyId = issued.body.key.id as string;
  return Object.assign(service.as(key), { userId, email, keyId, key });
}

/** An organisation with a manager and a member. */
export async function createOrganisation(
  service: Reachable,
  grants: string[] = ['telemetry:read', 'telemetry:write', 'telemetry:admin'],
): Promise<Organisation> {
  const slug = `org-${unique()}`;
  const body = { name: `The ${slug}`, slug, grants };
  const { body: org } = created(await service.operator.post('/v1/orgs', body));
  const id = org.id as string;
  return {
    id,
    slug,
    grants,
    manager: await addPerson(service, id, 'manager'),
    member: await addPerson(service, id, 'member'),
    path: (rest = '') => `/v1/orgs/${id}${rest}`,
  };
}

/** A new key of this person, and the response to its creation. */
export async function createKey(
  person: Pick<Person, 'post'>,
  org: Pick<Organisation, 'path'>,
  input: Record<string, unknown> = {},
): Promise<{ id: string; secret: string; body: Record<string, unknown> }> {
  const created = await person.post(org.path('/keys'), {
    name: `key ${unique()}`,
    scope: 'read',
    ...input,
  });
  if (created.status !== 201) throw new Error(`no key: ${created.text}`);
  return {
    id: created.body.key.id as string,
    secret: created.body.secret as string,
    body: created.body.key as Record<string, unknown>,
  };
}
