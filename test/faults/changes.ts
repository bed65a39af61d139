import { setTimeout as delay } from 'node:timers/promises';
import type { QueryConfig, QueryResult } from 'pg';
import type { Cluster } from './cluster.js';
import type { Change, Line } from './history.js';
import type { Request } from './http.js';
import type { Random } from './random.js';

/** What one attempt at a change came to. */
type Outcome =
  | { result: 'ok'; authSeq: number | undefined; body: Record<string, unknown> }
  | { result: 'refused'; status: number }
  | { result: 'again' }
  | { result: 'wait' };

/** What a change turns on and off, and what is done for it afterwards. */
export type Effect = Partial<Pick<Change, 'on' | 'off' | 'later'>>;

/** A change that is over, and the response to its last attempt. */
export interface Settled {
  change: Change;
  body: Record<string, unknown>;
}

const again: Outcome = { result: 'again' };
/** As `again`, but it is known that nothing was changed. */
const wait: Outcome = { result: 'wait' };
const pauseMs = 100;
/** After so many milliseconds a change stays unknown. */
const timeoutMs = 120_000;

/** The one message that ends a transaction of the service, as hand-written SQL would send it. */
export const finalMessage = 'SET CONSTRAINTS ALL IMMEDIATE; SELECT n FROM auth_head; COMMIT';

/** Makes changes, repeats those of unknown outcome until it is known, and writes the history. */
export class Changes {
  private isEnding = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly history: Line[],
    private readonly random: Random,
  ) {}

  /** From now on what has to wait for something else is refused. */
  endWaiting(): void {
    this.isEnding = true;
  }

  /** Calls a random node as the operator. */
  call(kind: string, target: string, request: Request, effect: Effect = {}): Promise<Settled> {
    return this.settle(kind, target, effect, async (change) => {
      const node = this.random.pick(this.cluster.nodes.filter(({ isAsleep }) => !isAsleep));
      change.node = node.index;
      const { operatorKey: key } = this.cluster;
      const response = await node.client.request({ key, ...request }).catch(() => undefined);
      if (response === undefined || response.status === 503) return again;
      const { status, body } = response;
      if (body?.code === 'idempotency_in_progress') return again;
      if (status === 429) return wait;
      if (body?.code === 'removal_under_way' && !this.isEnding) return wait;
      if (status >= 300) return { result: 'refused', status };
      return { result: 'ok', authSeq: body?.authSeq as number | undefined, body: body ?? {} };
    });
  }

  /** Runs a statement on the database itself. */
  sql(kind: string, target: string, query: QueryConfig, effect: Effect): Promise<Settled> {
    return this.settle(kind, target, effect, async (change) => {
      change.node = -1;
      try {
        const { n, changed } = await this.transaction(query);
        // One that finds its work done takes no number.
        const authSeq = changed && change.attempts === 1 ? n : undefined;
        return { result: 'ok', authSeq, body: {} };
      } catch {
        return again;
      }
    });
  }

  private async transaction(query: QueryConfig): Promise<{ n: number; changed: boolean }> {
    const client = await this.cluster.db.connect();
    let error: Error | undefined = new Error('not committed');
    try {
      await client.query('BEGIN');
      const { rowCount } = await client.query(query);
      const results = (await client.query(finalMessage)) as unknown as QueryResult<{ n: string }>[];
      error = undefined;
      return { n: Number(results[1]?.rows[0]?.n), changed: rowCount !== 0 };
    } finally {
      client.release(error);
    }
  }

  private async settle(
    kind: string,
    target: string,
    { on = [], off = [], ...rest }: Effect,
    attempt: (change: Change) => Promise<Outcome>,
  ): Promise<Settled> {
    const begin = performance.now();
    const change = { ...blank, kind, target, begin, on, off, ...rest };
    let body: Record<string, unknown> = {};
    for (;;) {
      change.attempts += 1;
      const outcome = await attempt(change);
      change.end = performance.now();
      if (outcome.result === 'ok') {
        change.result = 'ok';
        change.authSeq = outcome.authSeq;
        ({ body } = outcome);
        break;
      }
      if (outcome.result === 'refused') {
        change.result = change.attempts === 1 ? 'refused' : 'maybe';
        change.status = outcome.status;
        break;
      }
      if (outcome.result === 'wait') change.attempts -= 1;
      if (change.end - begin > timeoutMs) {
        change.end = null;
        break;
      }
      await delay(pauseMs);
    }
    this.history.push(change);
    return { change, body };
  }
}

const blank: Change = {
  type: 'change',
  kind: '',
  target: '',
  node: 0,
  begin: 0,
  end: null,
  result: 'unknown',
  attempts: 0,
  status: undefined,
  on: [],
  off: [],
  authSeq: undefined,
};
