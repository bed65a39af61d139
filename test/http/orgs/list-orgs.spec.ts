import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { cursorOf, itemsOf, pluck, walk } from '../../support/pages.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs', () => {
  let service: Service;
  let org: Organisation;
  const slugs = Array.from({ length: 7 }, (_, index) => `listed-${index}`);
  const list = (query = '') => service.operator.get(`/v1/orgs${query}`);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    for (const slug of slugs) await service.operator.post('/v1/orgs', { name: slug, slug });
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:read',
    send: (who) => who.get('/v1/orgs'),
  });

  it('shows every organisation in the order of creation, the operators first', async () => {
    const response = await list();
    expect(pluck(response, 'slug')).toEqual(['operators', org.slug, ...slugs]);
    expect(response.body.nextCursor).toBeNull();
    const [operators, first] = itemsOf(response);
    expect(operators).toMatchObject({ kind: 'operator', status: 'active' });
    expect(first).toEqual((await service.operator.get(`/v1/orgs/${org.id}`)).body);
  });

  it('shows the same organisations page by page, without gaps or duplicates', async () => {
    const whole = (await list()).body.items as unknown[];
    for (const limit of [1, 2, 4, 9]) {
      const pages = await walk(list, `limit=${limit}`);
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(whole.length / limit));
    }
  });

  it('refuses limits that are none', () =>
    refusesEach(
      service,
      'limit',
      {
        zero: '0',
        negative: '-1',
        'more than 100': '101',
        half: '1.5',
        word: 'all',
        twice: '1&limit=2',
      },
      (limit) => list(`?limit=${limit}`),
    ));

  it('refuses parameters that it does not know', async () => {
    const response = await list('?offset=3');
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('offset');
  });

  it('refuses cursors that it did not give out', async () => {
    const cursors = ['x', '%00', 'e30', cursorOf(null), cursorOf(['']), cursorOf(['', 5])];
    cursors.push(
      cursorOf(['', 'org_\0']),
      cursorOf(['', '\ud800']),
      cursorOf(['', 'x'.repeat(65)]),
    );
    for (const cursor of [...cursors, 'a'.repeat(1001), 'a&cursor=b']) {
      const response = await list(`?cursor=${cursor}`);
      expect({ cursor, status: response.status }).toEqual({ cursor, status: 400 });
      expectProblem(response, 400, 'invalid_request');
    }
  });
});
