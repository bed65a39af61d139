import { Problem } from './errors.js';
import type { Class } from './field.js';
import { Characters, isAtMost, isObject, OneOf, Optional, Preset, WholeInText } from './fields.js';
import { read } from './reading.js';

/** One page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page of a list that counts what matches. */
export interface CountedPage<T> extends Page<T> {
  total?: number;
}

/** How many rows such a list counts at most. */
export const mostCounted = 100_000;

/** Where the next page begins: after the row with this sort value and this id. */
export interface Position {
  value: string;
  id: string;
}

/** Query parameters of every list. */
export class PageQuery {
  @Preset()
  @WholeInText(1, 100, 'Items on a page.')
  limit: number = 50;

  @Optional()
  @Characters(
    'Where the page begins: `nextCursor` of the previous page. It carries the filters and the order ' +
      'of its list: they can be left out, and others beside it are a 400.',
    4_000,
  )
  cursor?: string;
}

/** Query parameters of lists that count what matches. */
export class CountedQuery extends PageQuery {
  @Preset()
  @OneOf(['true', 'false'], 'Whether the response has the `total`, which takes longer.')
  total: 'true' | 'false' = 'false';
}

/**
 * Query parameters that are as absent when they are empty, as a form sends them. Other filters are not:
 * where a program has nothing to put into them, it would get what belongs to others.
 */
export const mayBeEmpty: ReadonlySet<string> = new Set(['limit', 'cursor', 'search']);

/** Parameters that are about the page, and can be another for each. */
const ofPage: ReadonlySet<string> = new Set(['limit', 'cursor', 'total']);

/** What a list was asked for, besides the page. */
type Asked = object;

type Parsed = [value: string, id: string, asked: Asked];

const isCursor = (parsed: unknown): parsed is Parsed =>
  Array.isArray(parsed) &&
  parsed.length === 3 &&
  isAtMost(400)(parsed[0]) &&
  isAtMost(64)(parsed[1]) &&
  isObject(parsed[2]);

function encodeCursor({ value, id }: Position, asked: Asked): string {
  return Buffer.from(JSON.stringify([value, id, asked])).toString('base64url');
}

const notOfThisList = () => new Problem('invalid_request', 'The cursor is not from this list.');

function parseCursor(cursor: string): Parsed {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isCursor(parsed) && !/[\p{Cc}\p{Cs}]/u.test(parsed[0] + parsed[1])) return parsed;
  } catch {
    // Falls through to the one refusal below.
  }
  throw notOfThisList();
}

/** What the query asks for, besides the page. */
function askedOf(query: PageQuery): Record<string, unknown> {
  const given = Object.entries(query).filter(([name, value]) => {
    return value !== undefined && !ofPage.has(name);
  });
  return Object.fromEntries(given);
}

function askedBefore<Q extends PageQuery>(type: Class<Q>, asked: Asked): Q {
  try {
    if (!Object.keys(asked).some((name) => ofPage.has(name))) return read(type, asked);
  } catch {
    // Falls through to the one refusal below.
  }
  throw notOfThisList();
}

/** A query with the filters of its list, and where its page begins. */
export interface PageOfQuery<Q> {
  query: Q;
  after: Position | undefined;
}

/**
 * Reads the cursor of a query that a client sent. It carries the filters and the order of its list.
 *
 * @param isValue whether the sort value in it has the form of this list's: a cursor of another list
 *   must not reach the database
 * @throws Problem `invalid_request`, also when the query asks for something else beside the cursor
 */
export function readCursor<Q extends PageQuery>(
  type: Class<Q>,
  query: Q,
  isValue: (value: string, query: Q) => boolean,
): PageOfQuery<Q> {
  if (query.cursor === undefined) return { query, after: undefined };
  const [value, id, asked] = parseCursor(query.cursor);
  const carried = askedBefore(type, asked);
  const before = askedOf(carried);
  for (const [name, given] of Object.entries(askedOf(query))) {
    if (JSON.stringify(given) === JSON.stringify(before[name])) continue;
    const detail = `The cursor carries the filters and the order of its list, and ${name} is another one.`;
    throw new Problem('invalid_request', detail);
  }
  if (!isValue(value, carried)) throw notOfThisList();
  return { query: { ...carried, ...query, ...before }, after: { value, id } };
}

/**
 * Whether a sort value is an instant as `Date.toISOString` writes it. Dates such as 30 February or in
 * the year 0 are not: `Date.parse` accepts them, PostgreSQL fails on them.
 */
export function isInstant(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value && at.getUTCFullYear() > 0;
}

/**
 * Cuts a list that was queried with one row more than the page holds.
 *
 * @param query what was asked for, which the cursor carries
 */
export function toPage<Row, T>(
  rows: Row[],
  query: PageQuery,
  view: (row: Row) => T,
  positionOf: (row: Row) => Position,
): Page<T> {
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const isCut = last !== undefined && rows.length > query.limit;
  return {
    items: shown.map(view),
    nextCursor: isCut ? encodeCursor(positionOf(last), askedOf(query)) : null,
  };
}
