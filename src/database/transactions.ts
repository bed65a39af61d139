import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Problem } from '../common/errors.js';
import { Metrics } from '../telemetry/metrics.js';
import { serverState, ServerCheck, type ServerState } from './server-checks.js';
import { isLockTimeout, isRetryable, isUnavailable } from './errors.js';
import { Lanes, type Lane } from './lanes.js';

declare const inTransaction: unique symbol;
/** The manager of a running transaction. Every write takes one. */
export type Tx = EntityManager & { readonly [inTransaction]: true };

/** The result of a change, and the number of the state that it led to. */
export type Committed<T> = T & { authSeq: number };

/** Options of a transaction. */
interface RunOptions {
  /** The connections that it uses; ordinary when left out. */
  readonly lane?: Lane;
  /** Receives the milliseconds that the final message took, under the head's lock. */
  readonly onCommit?: (ms: number) => void;
}

const maxAttempts = 5;

/**
 * The one message that ends a transaction: the deferred triggers lock the head and write the history,
 * the number is read, and the commit releases the lock, without a round trip in between.
 */
const finalMessage = `SET CONSTRAINTS ALL IMMEDIATE; SELECT auth_advance() AS n, ${serverState}; COMMIT`;

/** Makes sure that the following reads are not from a server that was already replaced. */
const firstMessage = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT ${serverState}`;

interface Head extends ServerState {
  n: string;
}

/** Runs changes of the store. */
@Injectable()
export class Transactions {
  constructor(
    private readonly lanes: Lanes,
    private readonly metrics: Metrics,
    private readonly server: ServerCheck,
  ) {
    const poolOf = (lane: Lane) => (lanes.of(lane).driver as PostgresDriver).master as Pool;
    metrics.watchPool('management', poolOf('ordinary'));
    metrics.watchPool('denying', poolOf('denying'));
  }

  /**
   * Runs `work` in a READ COMMITTED transaction and commits it. All of it runs again after a deadlock,
   * so it must not have effects elsewhere.
   *
   * @throws Problem `busy` when a lock was not free in time, `outcome_unknown` when the commit was not
   *   confirmed; any error of `work`, after a rollback
   */
  async run<T extends object>(
    work: (tx: Tx) => Promise<T>,
    options: RunOptions = {},
  ): Promise<Committed<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const committed = await this.attempt(work, options);
        this.metrics.countChange('committed');
        return committed;
      } catch (error) {
        if (isLockTimeout(error)) {
          this.metrics.countChange('busy');
          throw new Problem('busy', undefined, {}, { cause: error });
        }
        if (isUnknownOutcome(error)) this.metrics.countChange('outcome_unknown');
        if (!isRetryable(error) || attempt === maxAttempts) throw error;
        this.metrics.countChange('retried');
      }
    }
  }

  private async attempt<T extends object>(
    work: (tx: Tx) => Promise<T>,
    { lane = 'ordinary', onCommit }: RunOptions,
  ): Promise<Committed<T>> {
    const runner = this.lanes.of(lane).createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await begin(client, this.server);
      const result = await work(runner.manager as Tx);
      const beganAt = performance.now();
      const authSeq = await commit(client, this.server);
      onCommit?.(performance.now() - beganAt);
      await runner.release();
      return { ...result, authSeq };
    } catch (error) {
      await abandon(runner, client, error);
      throw error;
    }
  }
}

/** Several statements in one simple query return a list, which the types of the driver do not know. */
async function ask(client: PoolClient, message: string): Promise<QueryResult[]> {
  return (await client.query(message)) as unknown as QueryResult[];
}

/** @throws UnreliableServer when the server must not be relied on */
async function begin(client: PoolClient, server: ServerCheck): Promise<void> {
  const [, state] = (await ask(client, firstMessage)) as [QueryResult, QueryResult<ServerState>];
  server.admit(state.rows[0] as ServerState);
}

/**
 * @throws Problem `outcome_unknown` when PostgreSQL did not say whether it committed; its own error
 *   when it said that it did not
 */
async function commit(client: PoolClient, server: ServerCheck): Promise<number> {
  const warnings: (string | undefined)[] = [];
  // Text and severity are in the language of the server, the SQLSTATE is not.
  const listen = ({ code }: { code?: string | undefined }) => {
    if (code?.startsWith('00') !== true) warnings.push(code);
  };
  client.on('notice', listen);
  try {
    const [, head, end] = (await ask(client, finalMessage)) as QueryResult<Head>[];
    const state = head?.rows[0];
    if (state === undefined || end?.command !== 'COMMIT') throw new Error('no COMMIT confirmed');
    // For example for a standby that should confirm it: waiting for that was cancelled.
    if (warnings.length > 0) throw new Error(`COMMIT with a warning: ${warnings.join(', ')}`);
    server.admit(state);
    return Number(state.n);
  } catch (error) {
    if (isRetryable(error) || isLockTimeout(error)) throw error;
    throw new Problem('outcome_unknown', undefined, {}, { cause: error });
  } finally {
    client.off('notice', listen);
  }
}

function isUnknownOutcome(error: unknown): boolean {
  return error instanceof Problem && error.code === 'outcome_unknown';
}

/** Rolls back, or destroys a connection whose state is not known. */
async function abandon(runner: QueryRunner, client: PoolClient, error: unknown): Promise<void> {
  const unknown = isUnknownOutcome(error) || isUnavailable(error);
  try {
    if (!unknown) {
      await client.query('ROLLBACK');
      await runner.release();
      return;
    }
  } catch {
    // A connection that cannot roll back is destroyed below, and its transaction with it.
  }
  // Ending a client marks it, so that the pool drops it instead of using it again.
  void client.end().catch(() => undefined);
  await runner.release();
}
