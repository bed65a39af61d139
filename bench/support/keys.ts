import { greatestBounds, setBounds } from '../../test/support/bounds.js';
import { insertKeys } from '../../test/support/many-keys.js';
import {
  createKey,
  createOrganisation,
  type Organisation,
} from '../../test/support/organisation.js';
import type { Service, Site } from './service.js';

/**
 * An organisation that has many keys already, and may have more: in a small table the database would rather read all
 * rows than use an index.
 */
export async function createLargeOrganisation(
  { db }: Site,
  service: Service,
  keys = 10_000,
): Promise<Organisation> {
  const org = await createOrganisation(service);
  await setBounds(service.operator, org, greatestBounds);
  await insertKeys(db, org, keys);
  return org;
}

/** Keys of the manager, created through the service. */
export async function createKeys(
  org: Organisation,
  count: number,
): Promise<{ id: string; secret: string }[]> {
  const keys = [];
  for (let index = 0; index < count; index += 1) keys.push(await createKey(org.manager, org));
  return keys;
}

/** The key of a protected service: one of the operators' that may verify, and nothing else. */
export async function createVerifyingKey({ operator }: Service): Promise<string> {
  const { body: caller } = await operator.get('/v1/whoami');
  const { body: created } = await operator.post(`/v1/orgs/${caller.orgId}/keys`, {
    name: 'a protected service',
    scope: 'read',
    permissions: ['verify:read'],
  });
  return created.secret as string;
}
