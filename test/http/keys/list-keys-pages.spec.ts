import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { expectRefusal } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn, type Browser } from '../../support/sessions.js';

type Key = ApiResponse['body'];

const byText = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The order that each sort promises, ascending; ties are in the order of their ids. */
const valueOf: Record<string, (key: Key) => string> = {
  created: (key) => key.createdAt as string,
  name: (key) => (key.name as string).toLowerCase(),
  expires: (key) => (key.expiresAt as string | null) ?? 'never',
  lastUsed: (key) => (key.lastUsedAt as string | null) ?? '',
};

describe('the pages of the list of keys', () => {
  let service: Service;
  let org: Organisation;
  /** Not with a key: its own use would move it among the others. */
  let manager: Browser;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    manager = await signIn(service, org.manager);
    await manager.patch(org.path('/policy'), { allowNoExpiry: true });
    const expiries = [{ expiresAt: null }, { expiresAt: '2020' }, { expiresInDays: 30 }];
    const names = [
      'same',
      'SAME',
      'Über',
      'über',
      'a"b\\c',
      '東京',
      '🔑'.repeat(100),
      '"'.repeat(100),
    ];
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    for (let index = 0; index < 24; index += 1) {
      const expiry = index % 3 === 1 ? { expiresAt: soon } : (expiries[index % 3] ?? {});
      await createKey(manager, org, { name: names[index % 8], ...expiry });
    }
    // Some were used, some of those at the same time. The service adds no uses meanwhile.
    await service.db.query(
      `INSERT INTO key_usage (key_id, uses, last_used_at)
       SELECT id, 1, timestamptz '2026-01-01T00:00:00Z' + (length(name) % 5) * interval '1 ms'
       FROM api_keys WHERE org_id = $1 AND name ~* '^(same|über)$'`,
      [org.id],
    );
    // Many keys that were created in the same millisecond.
    await service.db.query(
      `UPDATE api_keys SET created_at = '2026-01-01T00:00:00.123Z' WHERE name ~* '^same$'`,
    );
  });
  afterAll(() => service.stop());

  const page = async (query: object) => {
    const text = new URLSearchParams(query as Record<string, string>).toString();
    const { status, body } = await manager.get(org.path(`/keys?${text}`));
    expect(status).toBe(200);
    return body as { items: Key[]; nextCursor: string | null };
  };

  /** Follows the cursors to the end. */
  const pages = async (query: object): Promise<Key[][]> => {
    const found: Key[][] = [];
    let cursor: string | null = null;
    do {
      const next = await page({ ...query, ...(cursor === null ? {} : { cursor }) });
      found.push(next.items);
      cursor = next.nextCursor;
    } while (cursor !== null && found.length < 100);
    return found;
  };

  for (const sort of ['created', 'name', 'expires', 'lastUsed']) {
    for (const order of ['asc', 'desc']) {
      for (const limit of [1, 7]) {
        it(`show every key once, by ${sort} ${order}, ${limit} at a time`, async () => {
          const { items: all } = await page({ limit: 100 });
          const value = valueOf[sort] ?? (() => '');
          const expected = all
            .sort((a, b) => byText(value(a), value(b)) || byText(a.id as string, b.id as string))
            .map(({ id }) => id as string);
          if (order === 'desc') expected.reverse();
          const found = await pages({ sort, order, limit });
          expect(found.flat().map(({ id }) => id as string)).toEqual(expected);
          expect(found.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
          expect(found).toHaveLength(Math.ceil(26 / limit));
        });
      }
    }
  }

  it('hold 50 keys, the newest first, when nothing is asked for', async () => {
    const { body } = await manager.get(org.path('/keys'));
    const newestFirst = await page({ sort: 'created', order: 'desc', limit: 50 });
    expect(body).toEqual(newestFirst);
    expect(body.items).toHaveLength(26);
  });

  it('begin at the first name and at the earliest expiry when no order is given', async () => {
    // Not all of them: the keys are used meanwhile.
    const idsOf = async (query: object) => (await page(query)).items.map(({ id }) => id as unknown);
    for (const sort of ['name', 'expires']) {
      expect(await idsOf({ sort })).toEqual(await idsOf({ sort, order: 'asc' }));
    }
    const { items } = await page({ sort: 'expires', order: 'desc' });
    expect(items[0]).toMatchObject({ expiresAt: null });
  });

  it('end without a cursor, also when the last page is full', async () => {
    expect(await page({ limit: 26 })).toMatchObject({ nextCursor: null });
    expect((await page({ limit: 25 })).nextCursor).not.toBeNull();
    expect(await pages({ limit: 13 })).toHaveLength(2);
    expect(await page({ owner: org.member.userId, state: 'expired' })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('keep the filters and the search', async () => {
    const query = { search: 'sa', state: 'active', owner: org.manager.userId, sort: 'name' };
    const found = (await pages({ ...query, limit: 2 })).flat();
    expect(found.map(({ name }) => (name as string).toLowerCase())).toEqual(Array(6).fill('same'));
  });

  describe('with a cursor', () => {
    const asked = { search: 'sa', state: 'active', sort: 'name' };
    let cursor: string;

    beforeAll(async () => {
      const { nextCursor } = await page({ search: 'sa', state: 'active', sort: 'name', limit: 2 });
      cursor = nextCursor ?? '';
    });

    it('have the filters and the order of the first one, given again or not', async () => {
      const { search, state, sort } = asked;
      const alone = await page({ cursor, limit: 2 });
      expect(alone).toEqual(await page({ search, state, sort, cursor, limit: 2 }));
      expect(alone.items.map(({ name }) => (name as string).toLowerCase())).toEqual([
        'same',
        'same',
      ]);
    });

    for (const other of [
      { search: 'same' },
      { state: 'expired' },
      { sort: 'created' },
      { order: 'desc' },
      { tag: 'x' },
      { owner: `usr_${'0'.repeat(26)}` },
      { createdAfter: '2026-01-01T00:00:00Z' },
    ]) {
      it(`are refused with another ${Object.keys(other).join()} beside it`, async () => {
        const query = new URLSearchParams({ ...other, cursor } as object as Record<string, string>);
        const request = () => org.manager.get(org.path(`/keys?${query.toString()}`));
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        expect(body.detail).toContain(Object.keys(other).join());
      });
    }
  });

  it('show no key twice when others come and go meanwhile', async () => {
    const first = await page({ sort: 'created', order: 'asc', limit: 13 });
    const late = await createKey(org.manager, org, { name: 'late' });
    await service.db.query('DELETE FROM key_secrets WHERE key_id = $1', [first.items[12].id]);
    const rest = await pages({
      sort: 'created',
      order: 'asc',
      limit: 13,
      cursor: first.nextCursor,
    });
    const ids = [...first.items, ...rest.flat()].map(({ id }) => id as string);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(late.id);
    expect(ids).toHaveLength(27);
  });

  describe('a cursor that the list did not give out', () => {
    const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const encode = ([value, id]: readonly unknown[], sort = 'name') =>
      base64([value, id, { sort }]);
    const id = `key_${'0'.repeat(26)}`;
    const at = '2026-01-01T00:00:00.000Z';

    for (const [what, sort, cursor] of [
      ['no base64', 'name', '!!!'],
      ['no JSON', 'name', Buffer.from('hello').toString('base64url')],
      ['an object', 'name', base64({ value: 'a', id })],
      ['a number', 'name', base64(1)],
      ['null', 'name', base64(null)],
      ['one value', 'name', base64(['a'])],
      ['of the release before', 'name', base64(['a', id])],
      ['a text for the filters', 'name', base64(['a', id, 'x'])],
      ['an unknown filter', 'name', base64(['a', id, { sort: 'name', x: 1 }])],
      ['a wrong filter', 'name', base64(['a', id, { sort: 'name', state: 'live' }])],
      ['another cursor in it', 'name', base64(['a', id, { sort: 'name', cursor: 'a' }])],
      ['four values', 'name', base64(['a', id, { sort: 'name' }, 'x'])],
      ['a number for the name', 'name', encode([1, id])],
      ['no id', 'name', encode(['a', null])],
      ['a NUL character in the name', 'name', encode(['a\u0000', id])],
      ['a NUL character in the id', 'name', encode(['a', `${id}\u0000`])],
      ['half a surrogate pair', 'name', encode(['\ud800', id])],
      ['a name that is too long', 'name', encode(['a'.repeat(401), id])],
      ['no instant', 'created', encode(['a', id], 'created')],
      ['infinity as the creation', 'created', encode(['infinity', id], 'created')],
      [
        'words that PostgreSQL takes for an instant',
        'created',
        encode(['tomorrow', id], 'created'),
      ],
      [
        'a day that no calendar has',
        'created',
        encode(['2026-02-30T00:00:00.000Z', id], 'created'),
      ],
      ['the year 0', 'created', encode(['0000-01-01T00:00:00.000Z', id], 'created')],
      ['another precision', 'created', encode(['2026-01-01T00:00:00Z', id], 'created')],
      ['SQL', 'created', encode([`${at}'; DROP TABLE api_keys; --`, id], 'created')],
      ['-infinity as the expiry', 'expires', encode(['-infinity', id], 'expires')],
      ['an empty expiry', 'expires', encode(['', id], 'expires')],
      ['a 32nd day', 'expires', encode(['2026-01-32T00:00:00.000Z', id], 'expires')],
      ['too long a text', 'name', 'a'.repeat(1_001)],
    ] as const) {
      it(`is refused: ${what}`, async () => {
        const query = new URLSearchParams({ sort, cursor }).toString();
        const request = () => org.manager.get(org.path(`/keys?${query}`));
        await expectRefusal(service, request, 400, 'invalid_request');
      });
    }

    it('shows nothing of other organisations, also when it was theirs', async () => {
      const other = await createOrganisation(service);
      const { body } = await other.manager.get(other.path('/keys?limit=1'));
      const { items } = await page({ cursor: body.nextCursor as string, limit: 100 });
      expect(items.every((key) => key.orgId === org.id)).toBe(true);
    });
  });
});
