import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal } from '../../support/keys.js';
import { createOrganisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { refusesEach } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('the policy for service keys', () => {
  let service: Service;
  let path: string;
  const verifying = { name: 'a service', scope: 'read', permissions: ['verify:read'] };
  const create = (input: object) => service.operator.post(path, input);
  const refused = (input: object) =>
    expectRefusal(service, () => create(input), 400, 'expiry_not_allowed');
  const set = (body: object) => service.operator.patch('/v1/installation', body);

  beforeAll(async () => {
    service = await startService();
    path = `/v1/orgs/${await operatorOrgId(service)}/keys`;
    // A key with an end creates none that ends later: a session, or this one, does.
    await service.db.query('UPDATE api_keys SET expires_at = NULL');
  });
  afterAll(() => service.stop());

  it('is that of the operators until they set another one', async () => {
    await refused({ ...verifying, expiresInDays: 366 });
    await refused({ ...verifying, expiresAt: null });
    expect((await create({ ...verifying, expiresInDays: 365 })).status).toBe(201);
  });

  it('can allow a longer life and none, for keys that verify and do nothing else', async () => {
    const settings = { serviceKeyMaxLifetimeDays: 730, serviceKeysMayNotExpire: true };
    expect((await set(settings)).body).toMatchObject(settings);
    expect((await create({ ...verifying, expiresInDays: 730 })).status).toBe(201);
    const endless = await create({ ...verifying, expiresAt: null });
    expect(endless.body.key).toMatchObject({ permissions: ['verify:read'], expiresAt: null });
    await refused({ ...verifying, expiresInDays: 731 });
    const others = [undefined, ['orgs:read'], ['verify:read', 'orgs:read']];
    for (const permissions of others) {
      await refused({ name: 'other', scope: 'read', permissions, expiresInDays: 366 });
      await refused({ name: 'other', scope: 'read', permissions, expiresAt: null });
    }
  });

  it('is never stricter than that of the operators, and concerns no other organisation', async () => {
    await set({ serviceKeyMaxLifetimeDays: 1, serviceKeysMayNotExpire: true });
    expect((await create({ ...verifying, expiresInDays: 90 })).status).toBe(201);
    const org = await createOrganisation(service);
    const input = { name: 'a', scope: 'read', expiresAt: null };
    const send = () => org.manager.post(org.path('/keys'), input);
    await expectRefusal(service, send, 400, 'expiry_not_allowed');
  });

  it('refuses lifetimes that are no number from 1 to 3,650', async () => {
    const values = { zero: 0, half: 1.5, text: '5', 'too many': 3_651 };
    await refusesEach(service, 'serviceKeyMaxLifetimeDays', values, (value) =>
      set({ serviceKeyMaxLifetimeDays: value }),
    );
    expect((await set({ serviceKeyMaxLifetimeDays: null })).status).toBe(200);
  });
});
