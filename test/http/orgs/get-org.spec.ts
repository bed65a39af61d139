import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}', () => {
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
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}`),
  });

  it('shows managers, members and operators the same organisation', async () => {
    for (const who of [org.manager, org.member, service.operator]) {
      const { status, body } = await who.get(org.path());
      expect(status).toBe(200);
      expect(body).toEqual({
        id: org.id,
        name: `The ${org.slug}`,
        slug: org.slug,
        kind: 'customer',
        status: 'active',
        grants: org.grants,
        reservedGrants: [],
        policy: {
          defaultExpiryDays: 90,
          maxLifetimeDays: 365,
          allowNoExpiry: false,
          memberKeys: 'own',
          bounds: { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 },
        },
        createdAt: expect.any(String),
      });
    }
  });

  it('does not show the operator organisation to anybody else', async () => {
    const path = `/v1/orgs/${await operatorOrgId(service)}`;
    expect((await service.operator.get(path)).body).toMatchObject({ kind: 'operator' });
    for (const who of [org.manager, org.member]) expect((await who.get(path)).status).toBe(404);
  });
});
