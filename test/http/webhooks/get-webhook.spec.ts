import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, type CreatedWebhook } from '../../support/webhooks.js';

describe('GET /v1/orgs/{orgId}/webhooks/{webhookId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org);
  });
  afterAll(() => service.stop());

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}${webhook.path}`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.get(path) });

  it('shows it to managers and operators, without its secret', async () => {
    for (const who of [org.manager, service.operator]) {
      const response = await who.get(org.path(webhook.path));
      expect(response.status).toBe(200);
      expect(response.body).toEqual(webhook.body);
    }
  });
});
