import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { DataSource, type Logger } from 'typeorm';
import { count } from '../../support/environment.js';
import { insertKeys } from '../../support/many-keys.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

const keys = count(5_000, 100_000);
const sorts = ['created', 'name', 'expires'];

interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Step[];
}

/** The steps of a plan, from the outermost inwards. */
const stepsOf = (plan: Step): Step[] => [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];

describe(`one organisation with ${keys} keys`, () => {
  let service: Service;
  let org: Organisation;
  /** All ids, in the order of each sort, ascending. */
  const ordered: Record<string, string[]> = {};
  let asked: { sql: string; parameters: unknown[] }[] = [];

  before(async () => {
    service = await startService();
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
    // Notes every statement that the service sends.
    const logger = {
      logQuery: (sql: string, parameters: unknown[] = []) => asked.push({ sql, parameters }),
    };
    service.app.get(DataSource).logger = new Proxy(logger as unknown as Logger, {
      get: (target, name): unknown => Reflect.get(target, name) ?? (() => undefined),
    });
  });
  after(() => service.stop());

  const page = async (query: object) => {
    const text = new URLSearchParams(query as Record<string, string>).toString();
    const { status, body } = await org.manager.get(org.path(`/keys?${text}`));
    expect(status).toBe(200);
    const items = body.items as { id: string }[];
    return { ids: items.map(({ id }) => id), nextCursor: body.nextCursor as string | null };
  };

  /** How the database answers the one statement on keys that a page is made of. */
  const planOf = async (query: object): Promise<Step[]> => {
    asked = [];
    await page(query);
    const [list, ...others] = asked.filter(({ sql }) => sql.includes('api_keys'));
    expect(others).toEqual([]);
    const { rows } = await service.db.query(
      `EXPLAIN (FORMAT JSON) ${list?.sql ?? ''}`,
      list?.parameters,
    );
    return stepsOf(rows[0]['QUERY PLAN'][0].Plan as Step);
  };

  /** The cursor of a page that ends with this key. */
  const cursorBehind = async (sort: string, id: string): Promise<string> => {
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
    return Buffer.from(JSON.stringify([value, id])).toString('base64url');
  };

  for (const sort of sorts) {
    for (const order of ['asc', 'desc']) {
      it(`shows the right first and last hundred, by ${sort} ${order}`, async () => {
        const expected =
          order === 'asc' ? (ordered[sort] ?? []) : [...(ordered[sort] ?? [])].reverse();
        expect(expected).toHaveLength(keys + 2);
        const first = await page({ sort, order, limit: 100 });
        expect(first.ids).toEqual(expected.slice(0, 100));
        expect(first.nextCursor).toBe(await cursorBehind(sort, expected[99] ?? ''));
        const cursor = await cursorBehind(sort, expected.at(-101) ?? '');
        const last = await page({ sort, order, limit: 100, cursor });
        expect(last.ids).toEqual(expected.slice(-100));
        expect(last.nextCursor).toBeNull();
      });

      it(`reads the keys of a page in the order of an index, by ${sort} ${order}`, async () => {
        const middle = await cursorBehind(sort, ordered[sort]?.[keys / 2] ?? '');
        const first = await planOf({ sort, order, limit: 100 });
        const later = await planOf({ sort, order, limit: 100, cursor: middle });
        for (const steps of [first, later]) {
          expect(steps.filter((step) => step['Node Type'].includes('Sort'))).toEqual([]);
          const [step, ...others] = steps.filter((one) => one['Relation Name'] === 'api_keys');
          expect(others).toEqual([]);
          expect(step).toMatchObject({
            'Node Type': expect.stringMatching(/^Index (Only )?Scan$/),
            'Index Name': `api_keys_by_${sort}`,
          });
        }
        // The cursor finds its place in the index, rather than row by row.
        const [step] = later.filter((one) => one['Relation Name'] === 'api_keys');
        expect(step?.['Index Cond']).toContain('ROW(');
      });
    }
  }

  it('finds the few keys of a member among them', async () => {
    const { body } = await org.member.get(org.path('/keys?limit=100'));
    expect(body.items).toMatchObject([{ id: org.member.keyId }]);
    expect(body.nextCursor).toBeNull();
  });

  it('searches names by an index', async () => {
    const query = { search: 'KEY 99', sort: 'name', limit: 100 };
    const expected = (ordered.name ?? []).filter((id) => {
      const number = Number(id.slice(4));
      return Number.isInteger(number) && String(number % 997).startsWith('99');
    });
    expect(expected.length).toBeGreaterThan(30);
    expect((await page(query)).ids).toEqual(expected.slice(0, 100));
    const [step] = (await planOf(query)).filter((one) => one['Relation Name'] === 'api_keys');
    expect(step).toMatchObject({
      'Index Name': 'api_keys_by_name',
      'Index Cond': expect.stringContaining('lower('),
    });
  });
});
