import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { insertDelivery } from '../../support/deliveries.js';
import { eventually } from '../../support/eventually.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { pluck } from '../../support/pages.js';
import { startReceiver, type Receiver } from '../../support/receiver.js';
import { expectProblem, malformedIds, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, passUntilTestEvent, type CreatedWebhook } from '../../support/webhooks.js';

describe('POST /v1/orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/retry', () => {
  let service: Service;
  let receiver: Receiver;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;
  let deliveryId: string;
  const retryPath = (id: string, of = webhook) => `${of.path}/deliveries/${id}/retry`;
  const retry = (id: string, of = webhook) => org.manager.post(org.path(retryPath(id, of)));

  /** A test event that the receiver wants no more of. */
  async function failedTestEvent(by: Organisation, of: CreatedWebhook): Promise<string> {
    receiver.mood = 410;
    await passUntilTestEvent(service.db);
    const { body } = await by.manager.post(by.path(`${of.path}/ping`));
    await eventually(async () => {
      const failed = await by.manager.get(by.path(`${of.path}/deliveries?state=failed`));
      return pluck(failed, 'id').includes(body.id);
    });
    receiver.mood = 200;
    return body.id as string;
  }

  beforeAll(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url });
    deliveryId = await failedTestEvent(org, webhook);
  });
  afterAll(async () => {
    await service.stop();
    await receiver.close();
  });

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}${retryPath(deliveryId)}`),
  });
  itKnowsItsWebhooks({
    ...route,
    send: (who, path) => who.post(`${path}/deliveries/${deliveryId}/retry`),
  });

  it('knows no deliveries but those to this webhook', async () => {
    const second = await createWebhook(org, { url: receiver.url });
    const foreign = await createWebhook(other, { url: receiver.url });
    const ids = [
      await failedTestEvent(org, second),
      await failedTestEvent(other, foreign),
      await insertDelivery(service.db),
      'dlv_00000000000000000000000000',
      webhook.id,
      ...malformedIds,
    ];
    for (const id of ids) {
      const response = await withoutTrace(service, () => retry(id));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      expectProblem(response, 404, 'not_found');
    }
  });

  it('sends it again under the same id, and records it in the audit log', async () => {
    receiver.received = [];
    const { response, events } = await audited(service, org.id, () => retry(deliveryId));
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject({ id: deliveryId, state: 'waiting', attempts: 0 });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'delivery.retried',
        targetId: deliveryId,
        before: { state: 'failed', reason: 'the receiver responded with 410' },
        after: { state: 'waiting' },
      }),
    ]);
    const [message] = await receiver.until('ping');
    expect(message?.headers['webhook-id']).toBe(deliveryId);
    await eventually(async () => {
      const sent = await org.manager.get(org.path(`${webhook.path}/deliveries?state=sent`));
      return pluck(sent, 'id').includes(deliveryId);
    });
    const again = await audited(service, org.id, () => retry(deliveryId));
    expect(again.response.body).toMatchObject({ state: 'sent', reason: null });
    expect(again.events).toEqual([]);
  });
});
