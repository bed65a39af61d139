import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { keyFor, permissionsOf } from '../../support/persons.js';
import {
  expectProblem,
  malformedIds,
  missing,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('PUT /v1/orgs/{orgId}/members/{userId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const valid = { role: 'member', grants: null };
  const path = (userId: string) => org.path(`/members/${userId}`);
  const newUser = async (email: string) =>
    (await service.operator.post('/v1/users', { email, name: 'Somebody' })).body.id as string;

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
    send: (who, orgId) => who.put(`/v1/orgs/${orgId}/members/${org.member.userId}`, valid),
  });

  it('changes role and grants of a member and records both in the audit log', async () => {
    const { userId } = await addPerson(service, org.id, 'member');
    const wanted = { role: 'manager', grants: ['telemetry:read'] };
    const { response, events } = await audited(service, org.id, () =>
      org.manager.put(path(userId), wanted),
    );
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ orgId: org.id, userId, name: 'A member', ...wanted });
    await expectAuthSeq(service, response);
    const { authSeq, ...stored } = response.body;
    expect(authSeq).toBeGreaterThan(0);
    expect((await org.manager.get(path(userId))).body).toEqual({
      ...stored,
      activeKeys: 1,
      invitation: expect.any(Object),
    });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'member.changed',
        targetId: userId,
        actor: { kind: 'key', orgId: org.id, userId: org.manager.userId, keyId: org.manager.keyId },
        before: { role: 'member', grants: null },
        after: wanted,
      }),
    ]);
  });

  it('takes the management permissions of a demoted manager from their keys at once', async () => {
    const second = await addPerson(service, org.id, 'manager');
    expect((await second.get(org.path('/members'))).status).toBe(200);
    await org.manager.put(path(second.userId), valid);
    const refused = await second.get(org.path('/members'));
    expectProblem(refused, 403, 'insufficient_permission');
    expect(await permissionsOf(second)).toEqual(
      ['keys:admin', 'keys:read', 'keys:write', 'org:read', ...org.grants].sort(),
    );
  });

  it('gives a promoted member no more than the list of each key that they have', async () => {
    const person = await addPerson(service, org.id, 'member');
    await org.manager.put(path(person.userId), { role: 'manager', grants: null });
    expect(await permissionsOf(person)).not.toContain('members:admin');
    const key = await keyFor(service, org, person.userId);
    expect(await permissionsOf(service.as(key.secret))).toContain('members:admin');
  });

  it('leaves the membership of the same person in another organisation as it is', async () => {
    const { userId } = await addPerson(service, org.id, 'manager');
    await service.operator.put(other.path(`/members/${userId}`), { role: 'manager', grants: [] });
    await org.manager.put(path(userId), valid);
    const { body } = await other.manager.get(other.path(`/members/${userId}`));
    expect(body).toMatchObject({ role: 'manager', grants: [] });
  });

  it('writes no event when nothing changes', async () => {
    const { response, events } = await audited(service, org.id, () =>
      org.manager.put(path(org.member.userId), valid),
    );
    expect(response.status).toBe(200);
    expect(events).toEqual([]);
    await expectAuthSeq(service, response);
  });

  it('responds with 404 to a manager for a user who is no member, and creates nothing', async () => {
    const outsiders = [await newUser('out@example.com'), other.member.userId, missing.user];
    const bodies = new Set<string>();
    for (const id of [...outsiders, org.id, ...malformedIds]) {
      const response = await withoutTrace(service, () => org.manager.put(path(id), valid));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      expectProblem(response, 404, 'not_found');
      bodies.add(response.text);
      expect((await service.operator.get(path(id))).status).toBe(404);
    }
    expect([...bodies]).toHaveLength(1);
  });

  it('makes a member of an existing user for an operator, and records it in the audit log', async () => {
    const userId = await newUser('in@example.com');
    const wanted = { role: 'manager', grants: ['telemetry:write'] };
    const { response, events } = await audited(service, org.id, () =>
      service.operator.put(path(userId), wanted),
    );
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      orgId: org.id,
      userId,
      kind: 'person',
      email: 'in@example.com',
      name: 'Somebody',
      ...wanted,
      pending: true,
      createdAt: expect.any(String),
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'member.added',
        targetId: userId,
        before: null,
        after: wanted,
      }),
    ]);
  });

  it('responds with 404 to an operator for a user who does not exist', async () => {
    for (const id of [missing.user, org.id, ...malformedIds]) {
      const response = await withoutTrace(service, () => service.operator.put(path(id), valid));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
    }
  });

  it('adds a user once when operators put them at the same time', async () => {
    const userId = await newUser('many@example.com');
    const responses = await Promise.all(
      Array.from({ length: 6 }, () => service.operator.put(path(userId), valid)),
    );
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const events = await service.operator.get(org.path(`/audit-events?target=${userId}`));
    expect(events.body.items).toHaveLength(1);
  });

  it('lets operators put members only into organisations that exist', async () => {
    const response = await withoutTrace(service, () =>
      service.operator.put(`/v1/orgs/${missing.org}/members/${org.member.userId}`, valid),
    );
    expectProblem(response, 404, 'not_found');
  });

  it('refuses roles that are none', () =>
    refusesEach(
      service,
      'role',
      { 'no value': undefined, null: null, other: 'owner', case: 'Member', number: 1 },
      (role) => org.manager.put(path(org.member.userId), { ...valid, role }),
    ));

  it('refuses grants that are none, and a body that leaves them out', () =>
    refusesEach(
      service,
      /^grants/,
      {
        'no value': undefined,
        'a text': 'telemetry:read',
        'a number in it': [1],
        'no action': ['telemetry'],
        'one twice': ['telemetry:read', 'telemetry:read'],
        'a reserved resource': ['org:admin'],
        'more than 200': Array.from({ length: 201 }, (_, index) => `r${index}:read`),
      },
      (grants) => org.manager.put(path(org.member.userId), { role: 'member', grants }),
    ));

  it('refuses fields that it does not know: managers never edit users', async () => {
    for (const extra of [{ name: 'New' }, { email: 'new@example.com' }, { status: 'active' }]) {
      const response = await withoutTrace(service, () =>
        org.manager.put(path(org.member.userId), { ...valid, ...extra }),
      );
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toContain(Object.keys(extra)[0]);
    }
  });

  it('refuses bodies that are no object', () =>
    refusesOtherBodies(service, (body) => org.manager.put(path(org.member.userId), body)));
});
