import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count } from '../../support/environment.js';
import { insertKeys, insertManyKeys } from '../../support/many-keys.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { noteStatements, planOf, type Statement, type Step } from '../../support/plans.js';
import { startService, type Service } from '../../support/service.js';

const keys = count(5_000, 100_000);
const sorts = ['created', 'name', 'expires'];

describe(`one organisation with ${keys} keys`, () => {
  let service: Service;
  let org: Organisation;
  /** All ids, in the order of each sort, ascending. */
  const ordered: Record<string, string[]> = {};
  let asked: Statement[];

  beforeAll(async () => {
    // Without reminders of all these keys, which would read them meanwhile.
    service = await startService({ settings: { role: 'api' } });
    org = await createOrganisation(service);
    await insertKeys(service.db, org, keys);
    const expressions = {
      created: 'created_at',
      name: 'lower(name) COLLATE "C"',
      expires: `coalesce(expires_at, 'infinity')`,
    };
    for (const [sort, expression] of Object.entries(expressions)) {
      const { rows } = await service.db.query<{ id: string }>(
        `SELECT id FROM api_keys WHERE org_id = $1 ORDER BY ${expression}, id`,
        [org.id],
      );
      ordered[sort] = rows.map(({ id }) => id);
    }
    asked = noteStatements(service);
  });
  afterAll(() => service.stop());

  const page = async (query: object) => {
    const text = new URLSearchParams(query as Record<string, string>).toString();
    const { status, body } = await org.manager.get(org.path(`/keys?${text}`));
    expect(status).toBe(200);
    const items = body.items as { id: string }[];
    return { ids: items.map(({ id }) => id), nextCursor: body.nextCursor as string | null };
  };

  /** How the database runs the one statement on keys that a page is made of. */
  const planOfPage = async (query: object): Promise<Step[]> => {
    asked.length = 0;
    await page(query);
    // Uses of keys are counted now and then as well.
    const reads = asked.filter(({ sql }) => sql.startsWith('SELECT') && sql.includes('api_keys'));
    const [list, ...others] = reads;
    expect(others).toEqual([]);
    return planOf(service.db, list as Statement);
  };

  /** What sorts more than the keys of a page. */
  const sortsOf = (steps: Step[]) =>
    steps.filter((step) => step['Node Type'].includes('Sort') && (step['Plan Rows'] ?? 0) > 101);

  /** What is read to find the keys of a page. They are then looked up with what is shown beside them. */
  const readsOf = (steps: Step[]) =>
    steps.filter((one) => one['Relation Name'] === 'api_keys' && one.Alias === 'key_1');

  /** The cursor of a page that ends with this key. */
  const cursorBehind = async (
    sort: string,
    id: string,
    asked: object = { sort },
  ): Promise<string> => {
    const { rows } = await service.db.query<{
      name: string;
      created_at: Date;
      expires_at: Date | null;
    }>('SELECT name, created_at, expires_at FROM api_keys WHERE id = $1', [id]);
    const [row] = rows;
    const value = {
      created: row?.created_at.toISOString(),
      name: row?.name,
      expires: row?.expires_at?.toISOString() ?? 'infinity',
    }[sort];
    return Buffer.from(JSON.stringify([value, id, asked])).toString('base64url');
  };

  for (const sort of sorts) {
    for (const order of ['asc', 'desc']) {
      it(`shows the right first and last hundred, by ${sort} ${order}`, async () => {
        const expected =
          order === 'asc' ? (ordered[sort] ?? []) : [...(ordered[sort] ?? [])].reverse();
        expect(expected).toHaveLength(keys + 2);
        const first = await page({ sort, order, limit: 100 });
        expect(first.ids).toEqual(expected.slice(0, 100));
        const asked = { sort, order };
        expect(first.nextCursor).toBe(await cursorBehind(sort, expected[99] ?? '', asked));
        const cursor = await cursorBehind(sort, expected.at(-101) ?? '', asked);
        const last = await page({ sort, order, limit: 100, cursor });
        expect(last.ids).toEqual(expected.slice(-100));
        expect(last.nextCursor).toBeNull();
      });

      it(`reads the keys of a page in the order of an index, by ${sort} ${order}`, async () => {
        const middle = await cursorBehind(sort, ordered[sort]?.[keys / 2] ?? '', { sort, order });
        const first = await planOfPage({ sort, order, limit: 100 });
        const later = await planOfPage({ sort, order, limit: 100, cursor: middle });
        for (const steps of [first, later]) {
          expect(sortsOf(steps)).toEqual([]);
          const [step, ...others] = readsOf(steps);
          expect(others).toEqual([]);
          expect(step).toMatchObject({
            'Node Type': expect.stringMatching(/^Index (Only )?Scan$/),
            'Index Name': `api_keys_by_${sort}`,
          });
        }
        // The cursor finds its place in the index, rather than row by row.
        const [step] = readsOf(later);
        expect(step?.['Index Cond']).toContain('ROW(');
      });
    }
  }

  it('finds the few keys of a member among them', async () => {
    const { body } = await org.member.get(org.path('/keys?limit=100'));
    expect(body.items).toMatchObject([{ id: org.member.keyId }]);
    expect(body.nextCursor).toBeNull();
  });

  it('finds what one key created, in the order of an index', async () => {
    const createdBy = org.manager.keyId;
    const made = { orgId: org.id, ownerId: org.manager.userId, createdBy, count: keys / 10 };
    const expected = (await insertManyKeys(service.db, made)).reverse();
    for (const prepare of ['SELECT', 'ANALYZE']) {
      await service.db.query(prepare);
      const first = { createdBy, limit: 100 };
      expect((await page(first)).ids).toEqual(expected.slice(0, 100));
      const cursor = await cursorBehind('created', expected[199] ?? '', { createdBy });
      expect((await page({ ...first, cursor })).ids).toEqual(expected.slice(200, 300));
      for (const query of [first, { limit: 100, cursor }, { ...first, order: 'asc' }]) {
        const steps = await planOfPage(query);
        // What nobody has analysed yet is taken for a row, which is sorted for nothing.
        if (prepare === 'ANALYZE') expect(sortsOf(steps)).toEqual([]);
        const read = readsOf(steps);
        expect(read).toMatchObject([{ 'Index Name': 'api_keys_created_by' }]);
        expect(read[0]).not.toHaveProperty('Filter');
      }
    }
  });

  it('searches parts of names by an index, and counts what it finds', async () => {
    const rare = `rare-${org.id}`.slice(0, 40);
    await org.manager.patch(org.path(`/keys/${org.member.keyId}`), { name: `A ${rare} key` });
    await service.db.query('ANALYZE api_keys');
    expect((await page({ search: rare.toUpperCase() })).ids).toEqual([org.member.keyId]);
    const steps = await planOfPage({ search: rare });
    const indexes = steps.map((step) => step['Index Name']).filter(Boolean);
    expect(indexes).toContain('api_keys_by_search_name');
  });

  it('finds what is shown of a secret by an index', async () => {
    const { body } = await org.manager.get(org.path(`/keys/${org.manager.keyId}`));
    const last = (body.masked as string).slice(-4);
    const steps = await planOfPage({ search: `…${last}` });
    const indexes = steps.map((step) => step['Index Name']).filter(Boolean);
    expect(indexes).toContain('key_secrets_by_last');
  });

  it('counts all keys that match', async () => {
    const total = async (query: object) => {
      const text = new URLSearchParams({ ...query, total: 'true', limit: '1' }).toString();
      return (await org.manager.get(org.path(`/keys?${text}`))).body.total as number;
    };
    const { rows } = await service.db.query<{ all: number; ninety: number }>(
      `SELECT count(*)::int AS all, (count(*) FILTER (WHERE name LIKE '%ey 99%'))::int AS ninety
       FROM api_keys WHERE org_id = $1`,
      [org.id],
    );
    expect(await total({})).toBe(Math.min(rows[0]?.all ?? 0, 100_000));
    expect(await total({ search: 'EY 99' })).toBe(rows[0]?.ninety);
    expect(await total({ search: 'EY 99', sort: 'lastUsed' })).toBe(rows[0]?.ninety);
  });
});
