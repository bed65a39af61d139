import { expect } from 'expect';
import type { ApiResponse } from './client.js';

type Item = Record<string, unknown>;

/** The items of a page. */
export function itemsOf<T = Item>(response: ApiResponse): T[] {
  expect(response.status).toBe(200);
  return response.body.items as T[];
}

/** One field of each item of a page. */
export function pluck(response: ApiResponse, field: string): unknown[] {
  return itemsOf(response).map((item) => item[field]);
}

/**
 * All pages of a list, with something done after each.
 *
 * @param list asks for a page with these query parameters
 */
export async function walk<T = Item>(
  list: (query: string) => Promise<ApiResponse>,
  query: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const response = await list(`?${query}${cursor && `&cursor=${cursor}`}`);
    pages.push(itemsOf<T>(response));
    cursor = response.body.nextCursor as string | null;
    await between();
  }
  return pages;
}

/** A cursor with this content, as a list would have given it out. */
export const cursorOf = (content: unknown): string =>
  Buffer.from(JSON.stringify(content)).toString('base64url');
