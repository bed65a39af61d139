import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { expire } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { expectProblem, malformedIds, missing } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/members/{userId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

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
    permission: 'members:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/members/${org.member.userId}`),
  });

  it('shows managers and operators a member', async () => {
    for (const who of [org.manager, service.operator]) {
      const { status, body } = await who.get(org.path(`/members/${org.member.userId}`));
      expect(status).toBe(200);
      expect(body).toEqual({
        orgId: org.id,
        userId: org.member.userId,
        kind: 'person',
        email: org.member.email,
        name: 'A member',
        role: 'member',
        grants: null,
        pending: true,
        createdAt: expect.any(String),
        activeKeys: 1,
        invitation: {
          state: expect.stringMatching(/^(waiting|logged)$/),
          createdAt: expect.any(String),
        },
      });
    }
  });

  it('counts the keys that would stop working with the member', async () => {
    const person = await addPerson(service, org.id, 'member');
    const keys = [await createKey(person, org), await createKey(person, org)];
    await person.delete(org.path(`/keys/${keys[0]?.id ?? ''}`));
    await expire(service, keys[1]?.id ?? '');
    await createKey(person, org);
    const { body } = await org.manager.get(org.path(`/members/${person.userId}`));
    expect(body.activeKeys).toBe(2);
  });

  it('responds for somebody who is a member elsewhere as for a missing user and a malformed id', async () => {
    const ids = [other.member.userId, missing.user, org.id, org.member.keyId, ...malformedIds];
    for (const who of [org.manager, service.operator]) {
      const bodies = new Set<string>();
      for (const id of ids) {
        const response = await who.get(org.path(`/members/${id}`));
        expect({ id, status: response.status }).toEqual({ id, status: 404 });
        expectProblem(response, 404, 'not_found');
        bodies.add(response.text);
      }
      expect([...bodies]).toHaveLength(1);
    }
  });
});
