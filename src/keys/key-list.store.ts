import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { OrgId, UserId } from '../common/ids.js';
import { isInstant, mostCounted, type Position } from '../common/page.js';
import { ApiKey, type KeyRow } from './api-key.entity.js';
import type { KeyFilters, KeySort, KeySummary, ListKeys } from './key-list.dto.js';
import { readKeys, selectAnyKeys, type KeyRows } from './key-rows.js';
import { keySearch, type SecretEnds } from './key-search.js';
import { isUnrevoked, type KeyState } from './key-state.js';

interface Sort {
  /** As SQL; an index of api_keys has it, except for the last use. */
  expression: string;
  needsUsage?: true;
  order: 'ASC' | 'DESC';
  /** The value of `expression` for a row. */
  valueOf: (key: KeyRow) => string;
  /** Whether a text has the form of such a value. */
  isValue: (value: string) => boolean;
}

const sorts: Record<KeySort, Sort> = {
  created: {
    expression: 'key.created_at',
    order: 'DESC',
    valueOf: (key) => key.createdAt.toISOString(),
    isValue: isInstant,
  },
  name: {
    expression: 'lower(key.name) COLLATE "C"',
    order: 'ASC',
    valueOf: (key) => key.name,
    isValue: () => true,
  },
  expires: {
    expression: `coalesce(key.expires_at, 'infinity')`,
    order: 'ASC',
    valueOf: (key) => key.expiresAt?.toISOString() ?? 'infinity',
    isValue: (value) => value === 'infinity' || isInstant(value),
  },
  lastUsed: {
    expression: `coalesce(usage.last_used_at, '-infinity')`,
    needsUsage: true,
    order: 'DESC',
    valueOf: (key) => key.lastUsedAt?.toISOString() ?? '-infinity',
    isValue: (value) => value === '-infinity' || isInstant(value),
  },
};

export const sortOf = ({ sort = 'created' }: Pick<ListKeys, 'sort'>): Sort => sorts[sort];

const stateConditions = {
  active: `${isUnrevoked('key')} AND (key.expires_at IS NULL OR key.expires_at > now())`,
  expired: `${isUnrevoked('key')} AND key.expires_at <= now()`,
  /** An index has these; it does not know of removed members. */
  revoked: `key.revoked_at IS NOT NULL`,
  revokedOrEnded: `NOT ${isUnrevoked('key')}`,
};

/** Parts of a mask, in the form that indexes have. Masks are ASCII but for their dots. */
const firstFour = `lower(left(right(s.mask, 9), 4) COLLATE "C")`;
const lastFour = `lower(right(s.mask, 4) COLLATE "C")`;

function secretCondition({ first, last, isEither }: SecretEnds): string {
  const conditions = [
    ...(first === undefined ? [] : [`${firstFour} = :first`]),
    ...(last === undefined ? [] : [`${lastFour} = :last`]),
  ];
  return conditions.join(isEither ? ' OR ' : ' AND ');
}

/** Each of the ways can use an index of its own. */
function search(keys: SelectQueryBuilder<ApiKey>, text: string): void {
  const { name, id, ends } = keySearch(text);
  const ways = ['key.search_name LIKE :name'];
  if (id !== undefined) ways.push('key.id = :id');
  if (ends !== undefined) {
    const found = `SELECT s.key_id FROM key_secrets s WHERE ${secretCondition(ends)}`;
    ways.push(`key.id = ANY (ARRAY(${found}))`);
  }
  keys.andWhere(`(${ways.join(' OR ')})`, { name, id, first: ends?.first, last: ends?.last });
}

const conditions: Partial<Record<keyof KeyFilters, string>> = {
  owner: 'key.owner_id = :filtered',
  createdBy: 'key.created_by_key_id = :createdBy',
  scope: 'key.scope = :scope',
  tag: 'key.tags @> ARRAY[:tag]::text[]',
  createdAfter: 'key.created_at >= :createdAfter',
  createdBefore: 'key.created_at < :createdBefore',
  lastUsedBefore: 'coalesce(usage.last_used_at, key.created_at) < :lastUsedBefore',
  expiresBefore: 'key.expires_at < :expiresBefore',
};

const within = 'key.org_id = $1 AND ($2::text IS NULL OR key.owner_id = $2)';

const countKeys = (condition: string) => `(
  SELECT count(*)::int FROM (
    SELECT FROM api_keys key WHERE ${within} AND ${condition} LIMIT ${mostCounted}
  ) counted)`;

const summary = (revoked: string) => `
  SELECT count(*)::int AS active,
    ${countKeys(stateConditions.expired)} AS expired, ${countKeys(revoked)} AS revoked,
    (count(*) FILTER (WHERE expires_at <= now() + interval '30 days'))::int AS "expiringSoon",
    (count(*) FILTER (WHERE last_used_at IS NULL))::int AS "neverUsed",
    (count(*) FILTER (
      WHERE coalesce(last_used_at, created_at) < now() - interval '90 days'))::int AS unused
  FROM (
    SELECT key.expires_at, key.created_at, usage.last_used_at
    FROM api_keys key LEFT JOIN key_usage usage ON usage.key_id = key.id
    WHERE ${within} AND ${stateConditions.active} LIMIT ${mostCounted}
  ) active`;

/** Lists of keys, and how many there are. */
@Injectable()
export class KeyListStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Keys of an organisation, one more than the page holds.
   *
   * @param owner only keys of this member
   */
  async list(
    orgId: OrgId,
    owner: UserId | undefined,
    query: ListKeys,
    after: Position | undefined,
  ): Promise<KeyRows> {
    const { expression, needsUsage, order: defaultOrder } = sortOf(query);
    const order = query.order === undefined ? defaultOrder : query.order === 'asc' ? 'ASC' : 'DESC';
    const page = (await this.find(orgId, owner, query, needsUsage))
      .select('key.id', 'id')
      .addSelect(expression, 'sort_value')
      .orderBy('sort_value', order)
      .addOrderBy('id', order)
      .limit(query.limit + 1);
    if (after) {
      const operator = order === 'ASC' ? '>' : '<';
      const value = query.sort === 'name' ? 'lower(:value)' : ':value';
      const behind = `(${expression}, key.id) ${operator} (${value}, :after)`;
      page.andWhere(behind, { value: after.value, after: after.id });
    }
    // What is shown beside a key is looked up for those of the page alone, by their ids and by nothing else:
    // where the statistics know little of an organisation, all of its keys would be read for each of these.
    const keys = selectAnyKeys(this.dataSource.manager)
      .addSelect(expression, 'sort_value')
      .where(`key.id = ANY (ARRAY(SELECT page.id FROM (${page.getQuery()}) page))`)
      .setParameters(page.getParameters())
      .orderBy('sort_value', order)
      .addOrderBy('key.id', order);
    return readKeys(keys);
  }

  /** How many keys match; 100,000 means that many or more. */
  async count(orgId: OrgId, owner: UserId | undefined, filters: KeyFilters): Promise<number> {
    const keys = (await this.find(orgId, owner, filters)).select('key.id').limit(mostCounted);
    const [sql, parameters] = keys.getQueryAndParameters();
    const [row] = await this.dataSource.query<[{ total: number }]>(
      `SELECT count(*)::int AS total FROM (${sql}) found`,
      parameters,
    );
    return row.total;
  }

  async summarise(orgId: OrgId, owner: UserId | undefined): Promise<KeySummary> {
    const sql = summary(await this.conditionOf(orgId, 'revoked'));
    const [row] = await this.dataSource.query<[KeySummary]>(sql, [orgId, owner ?? null]);
    return row;
  }

  /** Keys that match, and nothing of them yet. */
  private async find(
    orgId: OrgId,
    owner: UserId | undefined,
    filters: KeyFilters,
    needsUsage = filters.lastUsedBefore !== undefined,
  ): Promise<SelectQueryBuilder<ApiKey>> {
    const keys = this.dataSource
      .createQueryBuilder(ApiKey, 'key')
      .where('key.org_id = :orgId', { orgId });
    if (needsUsage) keys.leftJoin('key_usage', 'usage', 'usage.key_id = key.id');
    if (owner !== undefined) keys.andWhere('key.owner_id = :owner', { owner });
    for (const [name, condition] of Object.entries(conditions)) {
      if (filters[name as keyof KeyFilters] !== undefined) keys.andWhere(condition);
    }
    if (filters.state) keys.andWhere(await this.conditionOf(orgId, filters.state));
    if (filters.search !== undefined) search(keys, filters.search);
    const { owner: filtered, ...others } = filters;
    return keys.setParameters({ ...others, filtered });
  }

  private async conditionOf(orgId: OrgId, state: KeyState): Promise<string> {
    if (state !== 'revoked') return stateConditions[state];
    const ended = await this.dataSource.query<unknown[]>(
      'SELECT FROM ended_memberships WHERE org_id = $1 LIMIT 1',
      [orgId],
    );
    return ended.length === 0 ? stateConditions.revoked : stateConditions.revokedOrEnded;
  }
}
