import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { assertSigned, startReceiver, type Receiver } from '../../support/receiver.js';
import { startService, type Service } from '../../support/service.js';
import { createWebhook, itKnowsItsWebhooks, type CreatedWebhook } from '../../support/webhooks.js';

describe('POST /v1/orgs/{orgId}/webhooks/{webhookId}/ping', () => {
  let service: Service;
  let receiver: Receiver;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;

  before(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url, events: ['key.revoked'] });
  });
  after(async () => {
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

  it('sends a try, whatever else it is sent, and tells where to look for it', async () => {
    const path = org.path(`${webhook.path}/ping`);
    const { answer, events } = await audited(service, org.id, () => org.manager.post(path));
    expect(answer.status).toBe(202);
    await expectAuthSeq(service, answer);
    expect(events).toEqual([]);
    expect(answer.body).toMatchObject({
      orgId: org.id,
      channel: 'webhook',
      recipientId: webhook.id,
      eventType: 'ping',
      state: 'waiting',
      attempts: 0,
    });
    const [message, ...others] = await receiver.until('ping');
    if (message === undefined) throw new Error('no ping has arrived');
    expect(others).toEqual([]);
    assertSigned(message, webhook.secret);
    expect(message.headers['webhook-id']).toBe(answer.body.id);
    expect(message.event).toEqual({
      type: 'ping',
      timestamp: answer.body.createdAt,
      data: { orgId: org.id, keyId: null, userId: null, auditEventId: null, details: {} },
    });
  });
});
