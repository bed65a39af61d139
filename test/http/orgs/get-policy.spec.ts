import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/policy', () => {
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
    permission: 'org:read',
    forMembers: true,
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/policy`),
  });

  it('shows everybody in the organisation 90 days by default and no key without expiry', async () => {
    for (const who of [org.manager, org.member, service.operator]) {
      const { status, body } = await who.get(org.path('/policy'));
      expect(status).toBe(200);
      expect(body).toEqual({
        defaultExpiryDays: 90,
        maxLifetimeDays: 365,
        allowNoExpiry: false,
        memberKeys: 'own',
        bounds: { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 },
      });
    }
  });

  it('shows a change to the next reader, and only in its own organisation', async () => {
    await org.manager.patch(org.path('/policy'), { defaultExpiryDays: 30 });
    expect((await org.member.get(org.path('/policy'))).body.defaultExpiryDays).toBe(30);
    expect((await other.member.get(other.path('/policy'))).body.defaultExpiryDays).toBe(90);
  });
});
