import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { itemsOf } from '../../support/pages.js';
import { assertSigned, startReceiver, type Receiver } from '../../support/receiver.js';
import { startService, type Service } from '../../support/service.js';
import { expectProblem } from '../../support/refusals.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, passUntilTestEvent, type CreatedWebhook } from '../../support/webhooks.js';

describe('POST /v1/orgs/{orgId}/webhooks/{webhookId}/ping', () => {
  let service: Service;
  let receiver: Receiver;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url, events: ['key.revoked'] });
  });
  afterAll(async () => {
    await service.stop();
    await receiver.close();
  });

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}${webhook.path}/ping`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.post(`${path}/ping`) });

  it('sends a test event, whatever else it is sent, says where to look for it, and records it in the audit log', async () => {
    const path = org.path(`${webhook.path}/ping`);
    const { response, events } = await audited(service, org.id, () => org.manager.post(path));
    expect(response.status).toBe(202);
    await expectAuthSeq(service, response);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'webhook.pinged',
        targetId: webhook.id,
        before: null,
        after: { deliveryId: response.body.id },
      }),
    ]);
    expect(response.body).toMatchObject({
      orgId: org.id,
      channel: 'webhook',
      recipientId: webhook.id,
      eventType: 'ping',
      state: 'waiting',
      attempts: 0,
    });
    const [message, ...others] = await receiver.until('ping');
    if (message === undefined) throw new Error('no test event has arrived');
    expect(others).toEqual([]);
    assertSigned(message, webhook.secret);
    expect(message.headers['webhook-id']).toBe(response.body.id);
    expect(message.event).toEqual({
      type: 'ping',
      timestamp: response.body.createdAt,
      data: { orgId: org.id, keyId: null, userId: null, auditEventId: null, details: {} },
    });
  });

  it('sends one a second to each webhook, however many are asked for at once', async () => {
    const [first, second] = [await createWebhook(org), await createWebhook(org)];
    const sendTestEvent = ({ path }: CreatedWebhook) => org.manager.post(org.path(`${path}/ping`));
    const responses = await Promise.all(Array.from({ length: 8 }, () => sendTestEvent(first)));
    const taken = responses.filter(({ status }) => status === 202);
    const refused = responses.filter(({ status }) => status !== 202);
    expect(refused).not.toEqual([]);
    for (const response of refused) {
      expectProblem(response, 429, 'too_many_requests');
      expect(response.headers.get('retry-after')).toBe('1');
    }
    expect((await sendTestEvent(second)).status).toBe(202);
    await passUntilTestEvent(service.db);
    expect((await sendTestEvent(first)).status).toBe(202);
    const sent = await org.manager.get(org.path(`${first.path}/deliveries`));
    expect(itemsOf(sent)).toHaveLength(taken.length + 1);
  });
});
