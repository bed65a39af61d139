import { z } from 'zod';
import { Problem } from './errors.js';

/** One page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Where the next page begins: behind the row with this sort value and this id. */
export interface Position {
  value: string;
  id: string;
}

const position = z.tuple([z.string().max(400), z.string().max(64)]);

export function encodeCursor({ value, id }: Position): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/**
 * Reads a cursor that a client sent back.
 *
 * @param isValue whether the sort value in it has the form that the list sorts by: a cursor of
 *   another list must not reach the database
 * @throws Problem `invalid_request`
 */
export function decodeCursor(
  cursor: string | undefined,
  isValue: (value: string) => boolean,
): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [value, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (isValue(value) && !/[\p{Cc}\p{Cs}]/u.test(value + id)) return { value, id };
  } catch {
    // Falls through to the one refusal below.
  }
  throw new Problem('invalid_request', 'The cursor is not one that this list gave out.');
}

/**
 * Whether a sort value is an instant as `Date.toISOString` writes it. Days such as 30 February and
 * the year 0 are none: `Date.parse` takes them, PostgreSQL fails on them.
 */
export function isInstant(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value && at.getUTCFullYear() > 0;
}

/** Cuts a list that was asked for one row more than the page holds. */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  positionOf: (row: Row) => Position,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: last !== undefined && rows.length > limit ? encodeCursor(positionOf(last)) : null,
  };
}
