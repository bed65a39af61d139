import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, malformedIds, missing } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/users/{userId}', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'users:read',
    send: (who) => who.get(`/v1/users/${org.member.userId}`),
  });

  it('shows a person', async () => {
    const { status, body } = await service.operator.get(`/v1/users/${org.member.userId}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: org.member.userId,
      kind: 'person',
      email: org.member.email,
      name: 'A member',
      status: 'active',
      createdAt: expect.any(String),
    });
  });

  it('shows a service account, which has no e-mail address', async () => {
    const { body } = await org.manager.post(org.path('/service-accounts'), { name: 'Robot' });
    const user = await service.operator.get(`/v1/users/${body.userId as string}`);
    expect(user.body).toMatchObject({ id: body.userId, kind: 'service', email: null });
  });

  it('responds with the same for a missing user, a malformed id and the id of something else', async () => {
    const bodies = new Set<string>();
    for (const id of [missing.user, org.id, org.member.keyId, ...malformedIds]) {
      const response = await service.operator.get(`/v1/users/${id}`);
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      expectProblem(response, 404, 'not_found');
      bodies.add(response.text);
    }
    expect([...bodies]).toHaveLength(1);
  });

  it('does not show other keys whether a user exists', async () => {
    for (const who of [org.manager, org.member]) {
      const texts = await Promise.all(
        [org.member.userId, missing.user, 'usr_x'].map(
          async (id) => (await who.get(`/v1/users/${id}`)).text,
        ),
      );
      expect(new Set(texts).size).toBe(1);
    }
  });
});
