import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { whoamiStatuses } from '../../support/persons.js';
import {
  badNames,
  leadingNames,
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('POST /v1/orgs/{orgId}/service-accounts', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const add = (body: unknown) => org.manager.post(org.path('/service-accounts'), body);
  const addRobot = async () => (await add({ name: 'Robot' })).body.userId as string;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}/service-accounts`, { name: 'Refused' }),
  });

  it('creates a member without an e-mail address and records it in the audit log', async () => {
    const { response, events } = await audited(service, org.id, () =>
      add({ name: ' Billing bot ' }),
    );
    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      orgId: org.id,
      userId: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
      kind: 'service',
      email: null,
      name: 'Billing bot',
      role: 'member',
      grants: org.grants,
      pending: false,
      createdAt: expect.any(String),
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    const { authSeq, ...stored } = response.body;
    expect(authSeq).toBeGreaterThan(0);
    const read = await org.manager.get(org.path(`/members/${stored.userId as string}`));
    expect(read.body).toEqual({ ...stored, activeKeys: 0, invitation: null });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'member.added',
        targetId: stored.userId,
        before: null,
        after: { kind: 'service', name: 'Billing bot', role: 'member', grants: org.grants },
      }),
    ]);
  });

  it('takes a role and grants', async () => {
    const wanted = { name: 'Bot', role: 'manager', grants: ['telemetry:read'] };
    expect((await add(wanted)).body).toMatchObject(wanted);
  });

  it('lets two service accounts have the same name', async () => {
    expect(await addRobot()).not.toBe(await addRobot());
  });

  it('owns keys that outlive the manager who made them', async () => {
    const maker = await addPerson(service, org.id, 'manager');
    const robot = (await maker.post(org.path('/service-accounts'), { name: 'Bot' })).body.userId;
    const key = await maker.post(org.path('/keys'), { name: 'k', scope: 'read', ownerId: robot });
    expect(key.status).toBe(201);
    expect((await org.manager.delete(org.path(`/members/${maker.userId}`))).status).toBe(200);
    const statuses = await whoamiStatuses(service, [maker.key, key.body.secret as string]);
    expect(statuses).toEqual([401, 200]);
  });

  it('is changed and removed by the managers of its organisation', async () => {
    const path = org.path(`/members/${await addRobot()}`);
    const put = await org.manager.put(path, { role: 'member', grants: ['telemetry:read'] });
    expect(put.body).toMatchObject({ kind: 'service', grants: ['telemetry:read'] });
    expect((await org.manager.delete(path)).body).toMatchObject({ kind: 'service' });
    expect((await org.manager.get(path)).status).toBe(404);
  });

  it('belongs to one organisation only: not even an operator adds it to another', async () => {
    const robot = await addRobot();
    const put = (path: string) => service.operator.put(path, { role: 'member', grants: null });
    const response = await withoutTrace(service, () => put(other.path(`/members/${robot}`)));
    expectProblem(response, 409, 'foreign_service_account');
    expect((await other.manager.get(other.path(`/members/${robot}`))).status).toBe(404);
    expect((await put(org.path(`/members/${robot}`))).status).toBe(200);
  });

  it('comes back to the organisation that it was removed from, with none of its keys', async () => {
    const robot = await addRobot();
    const path = org.path(`/members/${robot}`);
    const key = await org.manager.post(org.path('/keys'), {
      name: 'k',
      scope: 'read',
      ownerId: robot,
    });
    await org.manager.delete(path);
    expect((await service.operator.put(path, { role: 'member', grants: null })).status).toBe(200);
    expect(await whoamiStatuses(service, [key.body.secret as string])).toEqual([401]);
  });

  it('belongs to one organisation also when two operators add a removed one at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const robot = await addRobot();
      await org.manager.delete(org.path(`/members/${robot}`));
      const responses = await Promise.all(
        [org, other].map((one) =>
          service.operator.put(one.path(`/members/${robot}`), { role: 'member', grants: null }),
        ),
      );
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('cannot be added by an e-mail address, and takes none', async () => {
    const response = await withoutTrace(service, () =>
      add({ name: 'Bot', email: 'bot@example.com' }),
    );
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('email');
  });

  it('refuses names that are none', () =>
    refusesEach(service, 'name', { ...badNames, ...leadingNames }, (name) => add({ name })));

  it('refuses roles that are none', () =>
    refusesEach(service, 'role', { null: null, other: 'service', case: 'Member' }, (role) =>
      add({ name: 'Bot', role }),
    ));

  it('refuses bodies that are no object', () => refusesOtherBodies(service, add));
});
