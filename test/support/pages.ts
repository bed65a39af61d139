import { expect } from 'expect';
import type { Answer } from './client.js';

type Item = Record<string, unknown>;

/** The items of a page. */
export function itemsOf<T = Item>(answer: Answer): T[] {
  expect(answer.status).toBe(200);
  return answer.body.items as T[];
}

/** One field of each item of a page. */
export function pluck(answer: Answer, field: string): unknown[] {
  return itemsOf(answer).map((item) => item[field]);
}

/**
 * All pages of a list, with something done after each.
 *
 * @param list asks for a page with these query parameters
 */
export async function walk<T = Item>(
  list: (query: string) => Promise<Answer>,
  query: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await list(`?${query}${cursor && `&cursor=${cursor}`}`);
    pages.push(itemsOf<T>(answer));
    cursor = answer.body.nextCursor as string | null;
    await between();
  }
  return pages;
}

/** A cursor with this content, as a list would have given it out. */
export const cursorOf = (content: unknown): string =>
  Buffer.from(JSON.stringify(content)).toString('base64url');
