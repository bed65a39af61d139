import { randomUUID } from 'node:crypto';
import type { operations } from '../schema.js';
import type { ResultOf } from '../operations.js';
import { Transport, type Call } from '../transport.js';
import { UsageError } from './command.js';

type Name = keyof operations;
type Query = NonNullable<Call['query']>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Items on a page, at most. */
const pageSize = 100;

/** The API of Keyfence, as far as commands need it. `N` is the id of the operation. */
export class Api {
  private readonly transport: Transport;

  constructor(url: URL, key: string) {
    this.transport = new Transport(url, key);
  }

  get<N extends Name>(path: string, query?: Query): Promise<ResultOf<N>> {
    const call = { method: 'GET', path, isSafe: true, ...(query && { query }) } as const;
    return this.transport.call(call);
  }

  /** Changes something to what `body` says, which is the same when it happens twice. */
  set<N extends Name>(
    method: 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ResultOf<N>> {
    return this.transport.call({ method, path, body, isSafe: true });
  }

  /** Creates something. */
  create<N extends Name>(path: string, body: unknown): Promise<ResultOf<N>> {
    const headers = { 'idempotency-key': randomUUID() };
    return this.transport.call({ method: 'POST', path, body, headers });
  }

  /** An action, most of which need no body. */
  act<N extends Name>(path: string, body?: unknown): Promise<ResultOf<N>> {
    return this.transport.call({ method: 'POST', path, body });
  }

  whoami(): Promise<ResultOf<'whoami'>> {
    const call = { method: 'GET', path: '/v1/whoami', isSafe: true, isTied: true } as const;
    return this.transport.call(call);
  }

  /**
   * All pages of a list, one after the other.
   *
   * @param most how many items are wanted
   */
  async *pages<T>(path: string, query: Query, most = Infinity): AsyncGenerator<Page<T>> {
    let cursor: string | undefined;
    let left = most;
    do {
      const limit = Math.min(pageSize, left);
      const call = {
        method: 'GET',
        path,
        query: { ...query, cursor, limit },
        isSafe: true,
      } as const;
      const page = await this.transport.call<Page<T>>(call);
      yield page;
      left -= page.items.length;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && left > 0);
  }

  close(): void {
    this.transport.close();
  }
}

/**
 * A path of the API with ids in it.
 *
 * @throws UsageError when one is none: `..` would make it another path
 */
export const path = (parts: TemplateStringsArray, ...ids: string[]) =>
  parts.reduce((all, part, n) => all + idOf(ids[n - 1] ?? '') + part);

function idOf(text: string): string {
  if (/^\w+$/.test(text)) return text;
  throw new UsageError(
    'An id has only letters, digits and _, as in key_01h455vb4pex5vsknk084sn02q.',
  );
}
