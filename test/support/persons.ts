import { expect } from 'expect';
import type { Sender } from './access.js';
import type { Organisation } from './organisation.js';
import type { Service } from './service.js';

/** A key that an operator creates for a member: its secret and id. */
export async function keyFor(
  service: Service,
  org: Pick<Organisation, 'id'>,
  ownerId: string,
  input: Record<string, unknown> = {},
): Promise<{ id: string; secret: string }> {
  const created = await service.operator.post(`/v1/orgs/${org.id}/keys`, {
    name: 'a key',
    scope: 'admin',
    ownerId,
    ...input,
  });
  expect(created.status).toBe(201);
  return { id: created.body.key.id as string, secret: created.body.secret as string };
}

/** Makes a user a member of an organisation, as an operator does, with a key of their own. */
export async function join(
  service: Service,
  org: Pick<Organisation, 'id'>,
  userId: string,
  role: 'manager' | 'member' = 'member',
): Promise<{ id: string; secret: string }> {
  const put = await service.operator.put(`/v1/orgs/${org.id}/members/${userId}`, {
    role,
    grants: null,
  });
  expect(put.status).toBe(200);
  return keyFor(service, org, userId);
}

/** The id of the operator organisation. */
export async function operatorOrgId(service: Service): Promise<string> {
  return (await service.operator.get('/v1/whoami')).body.orgId as string;
}

/** The statuses that whoami responds with to these keys. */
export function whoamiStatuses(service: Service, secrets: string[]): Promise<number[]> {
  return Promise.all(
    secrets.map(async (secret) => (await service.as(secret).get('/v1/whoami')).status),
  );
}

/** What a key may do at this moment. */
export async function permissionsOf(who: Sender): Promise<string[]> {
  const { status, body } = await who.get('/v1/whoami');
  expect(status).toBe(200);
  return body.permissions as string[];
}
