import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../support/client.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
  total?: number;
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('the filters of the list of keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const ids: Record<string, string> = {};
  const names = new Map<string, string>();
  const masks: Record<string, string> = {};

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    const make = async (name: string, more: object, created: number, used?: number) => {
      const { id, body } = await createKey(org.manager, org, { name, ...more });
      ids[name] = id;
      masks[name] = body.masked as string;
      names.set(id, name);
      await service.db.query('UPDATE api_keys SET created_at = $2 WHERE id = $1', [
        id,
        daysAgo(created),
      ]);
      if (used !== undefined) {
        await service.db.query(
          'INSERT INTO key_usage (key_id, uses, last_used_at) VALUES ($1, 1, $2)',
          [id, daysAgo(used)],
        );
      }
    };
    await make('used today', { scope: 'admin', tags: ['Prod', 'eu'] }, 200, 0);
    await make('used long ago', { scope: 'read-write', tags: ['prod'] }, 200, 100);
    await make('never used, old', { expiresInDays: 1 }, 150);
    await make('never used, new', { tags: ['product'] }, 1);
  });
  afterAll(() => service.stop());

  const ask = async (query: Record<string, string>, by: Pick<Caller, 'get'> = org.manager) => {
    const text = new URLSearchParams(query).toString();
    const { status, body } = await by.get(org.path(`/keys?${text}`));
    expect(status).toBe(200);
    return body as Page;
  };
  /** Of the keys above, in the order of the response. */
  const found = async (query: Record<string, string>) =>
    (await ask(query)).items.map(({ id }) => names.get(id)).filter((name) => name !== undefined);

  for (const [what, query, expected] of [
    ['scope', { scope: 'admin' }, ['used today']],
    ['tag', { tag: 'prod' }, ['used long ago', 'used today']],
    ['tag, in any letter case', { tag: 'EU' }, ['used today']],
    ['tag that no key has', { tag: 'pro' }, []],
    [
      'an instant that they were created before',
      { createdBefore: daysAgo(170).toISOString() },
      ['used long ago', 'used today'],
    ],
    [
      'an instant that they were created after',
      { createdAfter: daysAgo(2).toISOString() },
      ['never used, new'],
    ],
    [
      'two instants',
      { createdAfter: daysAgo(170).toISOString(), createdBefore: daysAgo(2).toISOString() },
      ['never used, old'],
    ],
    [
      'last use, or creation when there was none',
      { lastUsedBefore: daysAgo(90).toISOString() },
      ['never used, old', 'used long ago'],
    ],
    ['expiry', { expiresBefore: daysAgo(-2).toISOString() }, ['never used, old']],
    [
      'several at once',
      { tag: 'prod', lastUsedBefore: daysAgo(90).toISOString(), search: 'USED' },
      ['used long ago'],
    ],
  ] as const) {
    it(`find keys by ${what}`, async () => {
      expect((await found(query)).sort()).toEqual([...expected].sort());
      // Keys that the organisation had at first match as well, unless the test says otherwise.
      const { items, total } = await ask({ ...query, total: 'true' });
      expect(total).toBe(items.length);
    });
  }

  it('leave the total out unless it is asked for', async () => {
    expect(await ask({})).not.toHaveProperty('total');
    expect(await ask({ total: 'false' })).not.toHaveProperty('total');
  });

  it('count what is on other pages, also behind a cursor', async () => {
    const first = await ask({ tag: 'prod', limit: '1', total: 'true' });
    expect(first).toMatchObject({ total: 2, items: [expect.anything()] });
    const cursor = first.nextCursor ?? '';
    expect(await ask({ cursor, total: 'true' })).toMatchObject({ total: 2, nextCursor: null });
    expect(await ask({ cursor })).not.toHaveProperty('total');
  });

  it('sort by last use: the last first, and what was never used at the end', async () => {
    const query = { search: 'used', sort: 'lastUsed' };
    const latestFirst = await found(query);
    expect(latestFirst.slice(0, 2)).toEqual(['used today', 'used long ago']);
    expect(latestFirst.slice(2).sort()).toEqual(['never used, new', 'never used, old']);
    expect(await found({ ...query, order: 'asc' })).toEqual([...latestFirst].reverse());
  });

  describe('search', () => {
    it('finds a key by its id, in any letter case', async () => {
      expect(await found({ search: ids['used today'] ?? '' })).toEqual(['used today']);
      expect(await found({ search: (ids['used today'] ?? '').toUpperCase() })).toEqual([
        'used today',
      ]);
      expect(await found({ search: (ids['used today'] ?? '').slice(0, -1) })).toEqual([]);
    });

    it('finds a key by its mask, and by what the mask shows of the secret', async () => {
      const mask = masks['used long ago'] ?? '';
      const [first, last] = [mask.slice(3, 7), mask.slice(-4)];
      for (const search of [
        mask,
        mask.replace('…', '...'),
        mask.toUpperCase(),
        `${first}…${last}`,
        first,
        last,
        `kf_${first}`,
        `${first}…`,
        `…${last}`,
        `...${last.toLowerCase()}`,
      ]) {
        expect(await found({ search })).toContain('used long ago');
      }
      for (const search of [`${last}…${first}`, `…${first}`, `kf_${last}`, 'kf_']) {
        expect(await found({ search })).not.toContain('used long ago');
      }
    });

    it('finds nothing of other organisations', async () => {
      const { id, body } = await createKey(other.manager, other, { name: 'elsewhere' });
      for (const search of [id, body.masked as string, 'elsewhere']) {
        expect(await ask({ search, total: 'true' })).toEqual({
          items: [],
          nextCursor: null,
          total: 0,
        });
      }
    });

    it('finds and counts for members only what is theirs', async () => {
      const search = masks['used today'] ?? '';
      expect(await ask({ search, total: 'true' }, org.member)).toMatchObject({
        items: [],
        total: 0,
      });
    });
  });
});
