import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { insertDelivery } from '../../support/deliveries.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { cursorOf, itemsOf, pluck, walk } from '../../support/pages.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/deliveries', () => {
  let service: Service;
  let org: Organisation;
  const ids: string[] = [];
  const list = (query = '') => service.operator.get(`/v1/deliveries${query}`);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    // Its people were invited.
    await service.db.query('DELETE FROM deliveries');
    for (let n = 0; n < 7; n += 1) ids.unshift(await insertDelivery(service.db));
    await service.db.query(`UPDATE deliveries SET state = 'sent' WHERE id = $1`, [ids[0]]);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:read',
    send: (who) => who.get('/v1/deliveries'),
  });

  it('shows the newest first, page by page', async () => {
    expect(pluck(await list(), 'id')).toEqual(ids);
    const pages = await walk(list, 'limit=3');
    expect(pages.flat().map(({ id }) => id)).toEqual(ids);
    expect(pages).toHaveLength(3);
  });

  it('shows those that failed, and why', async () => {
    const failed = itemsOf(await list('?state=failed'));
    expect(failed.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(failed[0]).toMatchObject({
      channel: 'email',
      daysBefore: 7,
      digestDay: null,
      state: 'failed',
      attempts: 12,
      nextAttemptAt: null,
      reason: 'connect ECONNREFUSED',
      finishedAt: expect.any(String),
    });
  });

  it('refuses states and cursors that it does not know', async () => {
    await refusesEach(service, 'state', { 'a state that is none': '?state=lost' }, list);
    const foreign = await list(`?cursor=${cursorOf(['2026-11-25', 'x'])}`);
    expectProblem(foreign, 400, 'invalid_request');
  });
});
