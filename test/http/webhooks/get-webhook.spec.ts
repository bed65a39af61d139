import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';
import { createWebhook, itKnowsItsWebhooks, type CreatedWebhook } from '../../support/webhooks.js';

describe('GET /v1/orgs/{orgId}/webhooks/{webhookId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org);
  });
  after(() => service.stop());

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}${webhook.path}`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.get(path) });

  it('shows it to managers and operators, without its secret', async () => {
    for (const who of [org.manager, service.operator]) {
      const answer = await who.get(org.path(webhook.path));
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual(webhook.body);
    }
  });
});
