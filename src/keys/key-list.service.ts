import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Exports } from '../audit/exports.js';
import type { Caller } from '../auth/caller.js';
import { Problem } from '../common/errors.js';
import type { OrgId } from '../common/ids.js';
import {
  mostCounted,
  readCursor,
  toPage,
  type CountedPage,
  type Position,
} from '../common/page.js';
import { csvHeader, csvLine } from './key-csv.js';
import { ListKeys, type KeyFilters, type KeySummary } from './key-list.dto.js';
import { KeyListStore, sortOf } from './key-list.store.js';
import { readerRestriction } from './key-restriction.js';
import { keyView, type KeyView } from './key.view.js';

/** Keys of an export that are in memory at a time. */
const batch = 500;

/** Lists of keys, of which members see their own. */
@Injectable()
export class KeyListService {
  constructor(
    private readonly store: KeyListStore,
    private readonly exports: Exports,
  ) {}

  async list(caller: Caller, orgId: OrgId, asked: ListKeys): Promise<CountedPage<KeyView>> {
    const owner = readerRestriction(caller, orgId);
    const isValue = (value: string, query: ListKeys) => sortOf(query).isValue(value);
    const { query, after } = readCursor(ListKeys, asked, isValue);
    const { rows, now } = await this.store.list(orgId, owner, query, after);
    const page = toPage(
      rows,
      query,
      (key) => keyView(key, now),
      (key) => ({ value: sortOf(query).valueOf(key), id: key.id }),
    );
    if (query.total === 'false') return page;
    return { ...page, total: await this.store.count(orgId, owner, query) };
  }

  summarise(caller: Caller, orgId: OrgId): Promise<KeySummary> {
    return this.store.summarise(orgId, readerRestriction(caller, orgId));
  }

  /**
   * The keys that match as CSV, newest first. The stream fails when the database does: what was sent
   * until then must not look complete.
   *
   * @throws Problem `invalid_request` when there are too many
   */
  async export(caller: Caller, orgId: OrgId, filters: KeyFilters): Promise<Readable> {
    const owner = readerRestriction(caller, orgId);
    if ((await this.store.count(orgId, owner, filters)) >= mostCounted) {
      const detail = 'An export has fewer than 100,000 keys: choose a part of them with filters.';
      throw new Problem('invalid_request', detail);
    }
    const query = Object.assign(new ListKeys(), filters, { limit: batch - 1 });
    const read = (after?: Position) => this.store.list(orgId, owner, query, after);
    return this.exports.start(linesOf(await read(), read), 'list of keys');
  }
}

type Batch = Awaited<ReturnType<KeyListStore['list']>>;

async function* linesOf(first: Batch, read: (after: Position) => Promise<Batch>) {
  yield csvHeader;
  for (let keys = first; ;) {
    const { rows, now } = keys;
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((key) => csvLine(keyView(key, now))).join('');
    if (rows.length < batch) return;
    keys = await read({ value: last.createdAt.toISOString(), id: last.id });
  }
}
