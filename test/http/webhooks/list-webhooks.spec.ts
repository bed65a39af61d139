import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { cursorOf, pluck, walk } from '../../support/pages.js';
import { expectProblem } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { createWebhook } from '../../support/webhooks.js';

describe('GET /v1/orgs/{orgId}/webhooks', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const list = (query = '') => org.manager.get(org.path(`/webhooks${query}`));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'webhooks:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/webhooks`),
  });

  it('shows those of the organisation, the oldest first, page by page, without their secrets', async () => {
    await createWebhook(other);
    const created = [];
    for (let n = 0; n < 5; n += 1) created.push(await createWebhook(org));
    const response = await list();
    expect(response.body.items).toEqual(created.map(({ body }) => body));
    expect(response.text).not.toContain('whsec_');
    const pages = await walk(list, 'limit=2');
    expect(pages.flat().map(({ id }) => id)).toEqual(pluck(response, 'id'));
    expect(pages).toHaveLength(3);
  });

  it('refuses cursors of other lists', async () => {
    const foreign = await list(`?cursor=${cursorOf(['2026-11-25', 'x'])}`);
    expectProblem(foreign, 400, 'invalid_request');
  });
});
