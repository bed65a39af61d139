import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Problem } from '../common/errors.js';
import { Metrics } from '../telemetry/metrics.js';
import { isLockTimeout, isRetryable, isUnavailable } from './errors.js';

declare const inTransaction: unique symbol;
/** The manager of a running transaction. Every write takes one. */
export type Tx = EntityManager & { readonly [inTransaction]: true };

/** The answer of a change, and the number of the state that it led to. */
export type Committed<T> = T & { authSeq: number };

const maxAttempts = 5;

/**
 * The one message that ends a transaction: the deferred triggers take the head's lock and write
 * the history, the number is read, and the commit lets go again, without a client in between.
 */
const finalMessage = 'SET CONSTRAINTS ALL IMMEDIATE; SELECT auth_advance() AS n; COMMIT';

/** Runs changes of the store. */
@Injectable()
export class Transactions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly metrics: Metrics,
  ) {
    metrics.watchPool('management', (dataSource.driver as PostgresDriver).master as Pool);
  }

  /**
   * Runs `work` in a READ COMMITTED transaction and commits it. The whole of it runs again when
   * PostgreSQL gave it up for a deadlock, so it must not have effects elsewhere.
   *
   * @throws Problem `busy` when a lock was not to be had, `outcome_unknown` when the commit was
   *   not confirmed; whatever `work` throws, after a rollback
   */
  async run<T extends object>(work: (tx: Tx) => Promise<T>): Promise<Committed<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const committed = await this.attempt(work);
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

  private async attempt<T extends object>(work: (tx: Tx) => Promise<T>): Promise<Committed<T>> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      const result = await work(runner.manager as Tx);
      const authSeq = await commit(client);
      await runner.release();
      return { ...result, authSeq };
    } catch (error) {
      await abandon(runner, client, error);
      throw error;
    }
  }
}

/**
 * @throws Problem `outcome_unknown` when PostgreSQL did not say whether it committed; its own
 *   error when it said that it did not
 */
async function commit(client: PoolClient): Promise<number> {
  try {
    // Several statements in one simple query answer with a list, which the types do not know.
    const results = (await client.query(finalMessage)) as unknown as QueryResult<{ n: string }>[];
    const n = results[1]?.rows[0]?.n;
    if (n === undefined || results[2]?.command !== 'COMMIT') throw new Error('no COMMIT confirmed');
    return Number(n);
  } catch (error) {
    if (isRetryable(error) || isLockTimeout(error)) throw error;
    throw new Problem('outcome_unknown', undefined, {}, { cause: error });
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
  // Ending a client marks it, so that the pool drops it instead of lending it again.
  void client.end().catch(() => undefined);
  await runner.release();
}
