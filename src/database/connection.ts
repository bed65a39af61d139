import { Pool, type ClientConfig, type PoolConfig } from 'pg';
import type { Logger } from '../telemetry/logger.js';
import { ServerCheck } from './server-checks.js';

/** Where BullMQ keeps its tables. */
export const jobSchema = 'bullmq';

/**
 * PostgreSQL compiles a query whose cost it estimates to be high, for tens of milliseconds: more than any
 * of ours takes, and estimates for small tables that nobody has analysed yet are much too high.
 */
const withoutJit = '-c jit=off';

/**
 * What every connection of the service sets. The idle limit is above the lock limit: a node that
 * is stopped in the middle of a transaction loses it, and until then the others answer 503 for
 * what it had locked.
 */
export const connectionLimits = {
  connectionTimeoutMillis: 2_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 3_000,
  statement_timeout: 5_000,
  /** Bounds what statement_timeout does not: a COMMIT, and a server that does not answer at all. */
  query_timeout: 8_000,
  keepAlive: true,
  options: withoutJit,
} satisfies ClientConfig;

/**
 * A pool beside TypeORM's, for verifications: they must not wait behind changes.
 *
 * @param max connections at the most
 * @param timeout milliseconds that a query may take; the connection is given up then
 */
export function createPool(url: string, max: number, timeout: number, logger: Logger): Pool {
  const server = new ServerCheck();
  const options: PoolConfig = {
    connectionString: url,
    max,
    application_name: 'keyfence',
    ...connectionLimits,
    connectionTimeoutMillis: Math.max(timeout, 1_000),
    // The server gives up first, where it is still there.
    lock_timeout: timeout,
    statement_timeout: timeout,
    query_timeout: timeout + 100,
    // A plan for each number of hashes would be made anew each time, for more than the query costs.
    options: `${withoutJit} -c plan_cache_mode=force_generic_plan`,
    // The pool waits for it, which its type does not say.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises
    onConnect: server.check,
  };
  return watch(new Pool(options), logger);
}

/**
 * A pool for BullMQ, in whose schema its connections look first.
 *
 * @param max connections at the most
 */
export function createJobPool(url: string, max: number, logger: Logger): Pool {
  const options: PoolConfig = {
    connectionString: url,
    max,
    application_name: 'keyfence',
    ...connectionLimits,
    options: `${withoutJit} -c search_path=${jobSchema}`,
  };
  return watch(new Pool(options), logger);
}

/** An idle connection that breaks says so here; the next query opens another one. */
function watch(pool: Pool, logger: Logger): Pool {
  pool.on('error', (err) => {
    logger.warn({ err }, 'an idle database connection broke');
  });
  return pool;
}
