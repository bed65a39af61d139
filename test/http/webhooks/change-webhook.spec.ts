import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import {
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, type CreatedWebhook } from '../../support/webhooks.js';

describe('PATCH /v1/orgs/{orgId}/webhooks/{webhookId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;
  const change = (body: unknown) => org.manager.patch(org.path(webhook.path), body);

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
    permission: 'webhooks:admin',
    send: (who, orgId) => who.patch(`/v1/orgs/${orgId}${webhook.path}`, { events: null }),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.patch(path, { events: null }) });

  it('changes where it leads and what it is sent, and nothing else', async () => {
    const url = 'https://other.example.com/in?token=t0ken';
    const { response, events } = await audited(service, org.id, () =>
      change({ url, events: ['key.revoked'] }),
    );
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject({ ...webhook.body, url, events: ['key.revoked'] });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'webhook.changed',
        targetId: webhook.id,
        before: { host: 'hooks.example.com', events: null },
        after: { host: 'other.example.com', events: ['key.revoked'] },
      }),
    ]);
    const only = await change({ events: null });
    expect(only.body).toMatchObject({ url, events: null });
  });

  it('writes no event when nothing changes', async () => {
    const { response, events } = await audited(service, org.id, () => change({ events: null }));
    expect(response.status).toBe(200);
    expect(events).toEqual([]);
  });

  it('refuses what a creation refuses', async () => {
    const inputs = { null: null, 'no URL': 'example.com', 'a user': 'https://me@example.com' };
    await refusesEach(service, 'url', inputs, (url) => change({ url }));
    const lists = { 'an empty list': [], 'an unknown one': ['key.stolen'] };
    await refusesEach(service, /^events/, lists, (events) => change({ events }));
    const private_ = await withoutTrace(service, () => change({ url: 'https://10.0.0.1/' }));
    expectProblem(private_, 400, 'target_not_allowed');
    for (const body of [{}, { secret: 'mine' }, { events: null, orgId: other.id }]) {
      expectProblem(await withoutTrace(service, () => change(body)), 400, 'invalid_request');
    }
    await refusesOtherBodies(service, change);
  });
});
