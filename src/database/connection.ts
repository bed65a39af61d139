import { Pool, type ClientConfig } from 'pg';
import type { Logger } from '../telemetry/logger.js';

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
} satisfies ClientConfig;

/**
 * A pool beside TypeORM's, for statements that must not wait behind changes.
 *
 * @param max connections at the most
 */
export function createPool(url: string, max: number, logger: Logger): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'keyfence',
    ...connectionLimits,
  });
  // An idle connection that breaks says so here; the next query opens another one.
  pool.on('error', (err) => {
    logger.warn({ err }, 'an idle database connection broke');
  });
  return pool;
}
