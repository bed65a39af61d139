import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { createWebhook, itKnowsItsWebhooks } from '../../support/webhooks.js';

describe('DELETE /v1/orgs/{orgId}/webhooks/{webhookId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  after(() => service.stop());

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:admin',
    send: (who, orgId) => who.delete(`/v1/orgs/${orgId}/webhooks/whk_01h455vb4pex5vsknk084sn02q`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.delete(path) });

  it('removes it, and leaves the others', async () => {
    const webhook = await createWebhook(org, { events: ['key.created'] });
    const kept = await createWebhook(org);
    const path = org.path(webhook.path);
    const { answer, events } = await audited(service, org.id, () => org.manager.delete(path));
    expect(answer.status).toBe(200);
    await expectAuthSeq(service, answer);
    expect(answer.body).toMatchObject(webhook.body);
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
    expect(left.body.items).toEqual([kept.body]);
  });
});
