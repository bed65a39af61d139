import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook } from '../../support/webhooks.js';

describe('DELETE /v1/orgs/{orgId}/webhooks/{webhookId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:admin',
    send: (who, orgId) => who.delete(`/v1/orgs/${orgId}/webhooks/whk_01h455vb4pex5vsknk084sn02q`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.delete(path) });

  it('removes it, and leaves the others', async () => {
    const webhook = await createWebhook(org, { events: ['key.created'] });
    const other = await createWebhook(org);
    const path = org.path(webhook.path);
    const { response, events } = await audited(service, org.id, () => org.manager.delete(path));
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject(webhook.body);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'webhook.removed',
        targetId: webhook.id,
        before: { host: 'hooks.example.com', events: ['key.created'] },
        after: null,
      }),
    ]);
    const again = await withoutTrace(service, () => org.manager.delete(path));
    expectProblem(again, 404, 'not_found');
    const left = await org.manager.get(org.path('/webhooks'));
    expect(left.body.items).toEqual([other.body]);
  });
});
