import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { assertSigned, startReceiver, type Receiver } from '../../support/receiver.js';
import { startService, type Service } from '../../support/service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, passUntilTestEvent, type CreatedWebhook } from '../../support/webhooks.js';

describe('POST /v1/orgs/{orgId}/webhooks/{webhookId}/rotate-secret', () => {
  let service: Service;
  let receiver: Receiver;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;
  const rotate = (headers?: Record<string, string>) =>
    org.manager.post(org.path(`${webhook.path}/rotate-secret`), undefined, headers);

  beforeAll(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org, { url: receiver.url });
  });
  afterAll(async () => {
    await service.stop();
    await receiver.close();
  });

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:admin',
    send: (who, orgId) => who.post(`/v1/orgs/${orgId}${webhook.path}/rotate-secret`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.post(`${path}/rotate-secret`) });

  /** The message of a test event. */
  async function sendTestEvent() {
    receiver.received = [];
    await passUntilTestEvent(service.db);
    await org.manager.post(org.path(`${webhook.path}/ping`));
    const [message] = await receiver.until('ping');
    if (message === undefined) throw new Error('no test event has arrived');
    return message;
  }

  it('shows a new secret; the one before it signs along for a day', async () => {
    const { response, events } = await audited(service, org.id, rotate);
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expectAuthSeq(service, response);
    expect(response.body.webhook).toEqual(webhook.body);
    const secret = response.body.secret as string;
    expect(secret).not.toBe(webhook.secret);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'webhook.secret_rotated',
        targetId: webhook.id,
        before: null,
        after: null,
      }),
    ]);
    const both = await sendTestEvent();
    for (const each of [secret, webhook.secret]) assertSigned(both, each);

    await service.db.query(
      `UPDATE webhooks SET previous_until = previous_until - interval '1 day'`,
    );
    const newest = await sendTestEvent();
    assertSigned(newest, secret);
    expect(() => {
      assertSigned(newest, webhook.secret);
    }).toThrow(/signature/i);
  });

  it('sets one secret for a call that comes twice', async () => {
    const headers = { 'Idempotency-Key': 'twice' };
    const first = await rotate(headers);
    const { response: second, events } = await audited(service, org.id, () => rotate(headers));
    expect(events).toEqual([]);
    expect(first.body.secret).toMatch(/^whsec_/);
    expect(second.body).toEqual({ ...first.body, secret: undefined });
    assertSigned(await sendTestEvent(), first.body.secret as string);
  });
});
