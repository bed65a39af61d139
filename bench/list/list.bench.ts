import type { Organisation } from '../../test/support/organisation.js';
import { Client } from '../support/client.js';
import { createLargeOrganisation } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite, type Site } from '../support/service.js';
import { median, quantile } from '../support/statistics.js';

const keys = 100_000;
const limit = 100;
const samples = options.samples ?? 200;
const warmUp = 50;

const sorts = ['created', 'name', 'expires'] as const;
type Sort = (typeof sorts)[number];

/** What people look for in such a list, each on its first page and with the number of all that match. */
const lookups: Readonly<Record<string, Query>> = {
  everything: {},
  'active keys': { state: 'active' },
  'a part of every name': { search: 'ey' },
  'a part of 800 names': { search: 'Y 99' },
  'a part of no name': { search: 'nothing such' },
  'two letters of few names': { search: '99' },
  'the last four characters': { search: '…zzzz' },
  'four letters of the name or the secret': { search: 'KEY ' },
  'a tag of 1,000 keys': { tag: 'rare' },
  'a scope that all have': { scope: 'read' },
  'created in one day': {
    createdAfter: daysAgo(0.5),
    createdBefore: daysAgo(0.2),
  },
  'unused for 90 days': { lastUsedBefore: daysAgo(90) },
  'expiring within 30 days': { expiresBefore: daysAgo(-30), state: 'active' },
  'the last used': { sort: 'lastUsed' },
  'the last used of an active part': { sort: 'lastUsed', state: 'active', search: '9' },
};

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 3_600_000).toISOString();
}

interface Page {
  items: unknown[];
  nextCursor: string | null;
  total?: number;
}

type Query = Record<string, string | number>;

/** A manager who asks for one page after the other, over one connection. */
class Reader {
  private readonly client: Client;

  constructor(
    url: string,
    private readonly org: Organisation,
  ) {
    this.client = new Client(url, 1);
  }

  async page(query: Query): Promise<Page & { milliseconds: number }> {
    const text = Object.entries(query).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    );
    return this.get(`/keys?${text.join('&')}`);
  }

  async get(rest: string): Promise<Page & { milliseconds: number }> {
    const path = this.org.path(rest);
    const response = await this.client.send({ method: 'GET', path, key: this.org.manager.key });
    if (response.status !== 200) throw new Error(`${path} responded with ${response.status}`);
    return { ...(JSON.parse(response.text) as Page), milliseconds: response.milliseconds };
  }

  close(): void {
    this.client.close();
  }
}

/** The query of the last page: only the cursors of all pages before it lead there. */
async function lastPage(reader: Reader, sort: Sort): Promise<Query> {
  let query: Query = { sort, limit };
  for (;;) {
    const { nextCursor } = await reader.page(query);
    if (nextCursor === null) return query;
    query = { limit, cursor: nextCursor };
  }
}

async function measure(reader: Reader, sort: Sort): Promise<void> {
  const pages = {
    first: { query: { sort, limit } as Query, times: [] as number[] },
    last: { query: await lastPage(reader, sort), times: [] as number[] },
  };
  for (let sample = -warmUp; sample < samples; sample += 1) {
    for (const { query, times } of Object.values(pages)) {
      const { milliseconds } = await reader.page(query);
      if (sample >= 0) times.push(milliseconds);
    }
  }
  for (const [page, { times }] of Object.entries(pages)) {
    const spread = `${quantile(times, 0.05).toFixed(1)}–${quantile(times, 0.95).toFixed(1)}`;
    console.log(`| ${sort} | ${page} | ${median(times).toFixed(1)} (${spread}) |`);
  }
}

/** Half of the keys were used, at other times, and some have a tag. */
async function dress(site: Site, orgId: string): Promise<void> {
  await site.db.query(
    `INSERT INTO key_usage (key_id, uses, last_used_at)
     SELECT id, 1, now() - (row_number() OVER (ORDER BY id) % 200) * interval '1 day'
     FROM api_keys WHERE org_id = $1 AND right(id, 1) < '5'`,
    [orgId],
  );
  await site.db.query(`UPDATE api_keys SET tags = '{common,rare}' WHERE id ~ '37$'`);
  await site.db.query('VACUUM ANALYZE');
}

async function measureLookups(reader: Reader): Promise<void> {
  const each = Object.entries(lookups).map(([what, query]) => ({
    what,
    ask: () => reader.page({ ...query, limit: 25, total: 'true' }),
    times: [] as number[],
    found: 0,
  }));
  const summary = { what: 'the summary', ask: () => reader.get('/keys/summary') };
  each.push({ ...summary, times: [], found: keys });
  for (let sample = -3; sample < Math.min(samples, 40); sample += 1) {
    for (const lookup of each) {
      const { total, milliseconds } = await lookup.ask();
      lookup.found = total ?? keys;
      if (sample >= 0) lookup.times.push(milliseconds);
    }
  }
  console.log('\n| looked for, with `total` | found | ms/request, median (5th–95th percentile) |');
  console.log('| --- | --- | --- |');
  for (const { what, times, found } of each) {
    const spread = `${quantile(times, 0.05).toFixed(0)}–${quantile(times, 0.95).toFixed(0)}`;
    console.log(`| ${what} | ${found} | ${median(times).toFixed(0)} (${spread}) |`);
  }
}

/** Listing keys of a large organisation: the last page is to cost what the first one does. */
const site = await createSite();
try {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service, keys);
  const reader = new Reader(service.url, org);
  console.log(`${limit} of ${keys} keys, ${samples} requests for each page, one after the other\n`);
  console.log('| sort | page | ms/request, median (5th–95th percentile) |');
  console.log('| --- | --- | --- |');
  for (const sort of sorts) await measure(reader, sort);
  await dress(site, org.id);
  await measureLookups(reader);
  reader.close();
} finally {
  await site.remove();
}
