import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { cursorOf, itemsOf, pluck, walk } from '../../support/pages.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { itKnowsItsWebhooks } from '../../support/webhook-refusals.js';
import { createWebhook, type CreatedWebhook } from '../../support/webhooks.js';

describe('GET /v1/orgs/{orgId}/webhooks/{webhookId}/deliveries', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let webhook: CreatedWebhook;
  const list = (query = '') => org.manager.get(org.path(`${webhook.path}/deliveries${query}`));

  beforeAll(async () => {
    // Nobody sends them: they wait.
    service = await startService({ settings: { role: 'api' } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    webhook = await createWebhook(org);
    for (const each of [await createWebhook(org), await createWebhook(other)]) {
      await org.manager.post(org.path(`${each.path}/ping`));
    }
  });
  afterAll(() => service.stop());

  const route = { service: () => service, org: () => org, other: () => other };
  itRefusesStrangers({
    ...route,
    permission: 'webhooks:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}${webhook.path}/deliveries`),
  });
  itKnowsItsWebhooks({ ...route, send: (who, path) => who.get(`${path}/deliveries`) });

  it('shows what it was sent, the newest first, page by page, and by state', async () => {
    webhook = await createWebhook(org);
    expect((await list()).body.items).toEqual([]);
    for (let n = 0; n < 4; n += 1) await createKey(org.member, org);
    await org.manager.post(org.path(`${webhook.path}/ping`));
    const response = await list();
    expect(pluck(response, 'eventType')).toEqual(['ping', ...Array<string>(4).fill('key.created')]);
    const pages = await walk(list, 'limit=2');
    expect(pages.flat().map(({ id }) => id)).toEqual(pluck(response, 'id'));
    expect(itemsOf(await list('?state=waiting'))).toHaveLength(5);
    expect(itemsOf(await list('?state=failed'))).toEqual([]);
    const all = await service.operator.get('/v1/deliveries?state=waiting&limit=100');
    expect(pluck(all, 'id')).toEqual(expect.arrayContaining(pluck(response, 'id')));
  });

  it('refuses states and cursors that it does not know', async () => {
    await refusesEach(service, 'state', { 'a state that is none': '?state=lost' }, list);
    const foreign = await list(`?cursor=${cursorOf(['2026-11-25', 'x'])}`);
    expectProblem(foreign, 400, 'invalid_request');
  });
});
