import type { Organisation } from '../../test/support/organisation.js';
import { Client } from '../support/client.js';
import { createLargeOrganisation } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite } from '../support/service.js';
import { median, quantile } from '../support/statistics.js';

const keys = 100_000;
const limit = 100;
const samples = options.samples ?? 200;
const warmUp = 50;

/** The order that a list has without `order`, and its reverse. */
const sorts = {
  created: ['desc', 'asc'],
  name: ['asc', 'desc'],
  expires: ['asc', 'desc'],
} as const;

interface Page {
  items: unknown[];
  nextCursor: string | null;
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
    const text = Object.entries(query).map(([name, value]) => `${name}=${value}`);
    const path = this.org.path(`/keys?${text.join('&')}`);
    const answer = await this.client.send({ method: 'GET', path, key: this.org.manager.key });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return { ...(JSON.parse(answer.text) as Page), milliseconds: answer.milliseconds };
  }

  close(): void {
    this.client.close();
  }
}

/** The query of the last page: it begins behind what stands before the first page of the reverse. */
async function lastPage(reader: Reader, sort: keyof typeof sorts): Promise<Query> {
  const [order, reverse] = sorts[sort];
  const { nextCursor: hundredth } = await reader.page({ sort, order: reverse, limit });
  const before = await reader.page({ sort, order: reverse, limit: 1, cursor: hundredth ?? '' });
  const query = { sort, order, limit, cursor: before.nextCursor ?? '' };
  const { items, nextCursor } = await reader.page(query);
  if (items.length !== limit || nextCursor !== null) throw new Error('not the last page');
  return query;
}

async function measure(reader: Reader, sort: keyof typeof sorts): Promise<void> {
  const pages = {
    first: { query: { sort, order: sorts[sort][0], limit }, times: [] as number[] },
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

/** Listing keys of a large organisation: the last page is to cost what the first one does. */
const site = await createSite();
try {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service, keys);
  const reader = new Reader(service.url, org);
  console.log(`${limit} of ${keys} keys, ${samples} requests for each page, one after the other\n`);
  console.log('| sort | page | ms/request, median (5th–95th percentile) |');
  console.log('| --- | --- | --- |');
  for (const sort of Object.keys(sorts)) await measure(reader, sort as keyof typeof sorts);
  reader.close();
} finally {
  await site.remove();
}
