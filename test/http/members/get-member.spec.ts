import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, malformedIds, missing } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs/{orgId}/members/{userId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  after(() => service.stop());

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
        createdAt: expect.any(String),
      });
    }
  });

  it('answers for somebody who is a member elsewhere as for a missing user and a malformed id', async () => {
    const ids = [other.member.userId, missing.user, org.id, org.member.keyId, ...malformedIds];
    for (const who of [org.manager, service.operator]) {
      const bodies = new Set<string>();
      for (const id of ids) {
        const answer = await who.get(org.path(`/members/${id}`));
        expect({ id, status: answer.status }).toEqual({ id, status: 404 });
        expectProblem(answer, 404, 'not_found');
        bodies.add(answer.text);
      }
      expect([...bodies]).toHaveLength(1);
    }
  });
});
