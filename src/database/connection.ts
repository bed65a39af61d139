import { Client, Pool, type ClientConfig, type PoolConfig } from 'pg';
import type { Logger } from '../telemetry/logger.js';
import type { ServerCheck } from './server-checks.js';
import { connectionTo } from './session-settings.js';

/** The name of our connections in `pg_stat_activity`. */
export const applicationName = 'keyfence';

/** The name of connections that prepare the database for a start. */
export const startName = 'keyfence start';

/** The schema of BullMQ's tables. */
export const jobSchema = 'bullmq';

/**
 * The settings of every pool of the service. The idle limit is above the lock limit: a node that is
 * stopped in the middle of a transaction loses it, and until then the others respond with 503 for the
 * rows that it had locked.
 */
const connectionLimits = {
  connectionTimeoutMillis: 2_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 3_000,
  statement_timeout: 5_000,
  /** Bounds what statement_timeout does not: a COMMIT, and a server that does not respond at all. */
  query_timeout: 8_000,
  keepAlive: true,
} satisfies ClientConfig;

/** Where a pool logs errors, and what checks the servers that it connects to. */
interface PoolContext {
  readonly logger: Logger;
  readonly server: ServerCheck;
}

/** A connection without a pool, for what is done once. It has no limits, even if its role has some. */
export function createClient(url: string, name = applicationName): Client {
  const unlimited = connectionTo(url, { statement_timeout: '0', idle_session_timeout: '0' });
  const client = new Client({ ...unlimited, application_name: name });
  // A lost connection fails the running query; without a listener it would end the process.
  client.on('error', () => undefined);
  return client;
}

/**
 * The settings of TypeORM's pool.
 *
 * @param max connections at most
 */
export function typeormPool(url: string, max: number, server: ServerCheck) {
  const { connectionString, options } = connectionTo(url);
  const extra = {
    ...poolOf(max, server),
    options,
    // Changes queue for a connection under load. A verification does not wait that long.
    connectionTimeoutMillis: 5_000,
  } satisfies PoolConfig;
  return { url: connectionString, extra };
}

/**
 * A pool besides TypeORM's, for verifications: they must not wait behind changes.
 *
 * @param max connections at most
 * @param timeout milliseconds that a query may take; the connection is closed then
 */
export function createPool(
  url: string,
  max: number,
  timeout: number,
  { logger, server }: PoolContext,
): Pool {
  const options: PoolConfig = {
    // Planning again for each number of hashes would cost more than the query. No plan reads a whole
    // table: a plan that was made while it was small would continue to do so.
    ...connectionTo(url, { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }),
    ...poolOf(max, server),
    connectionTimeoutMillis: Math.max(timeout, 1_000),
    // The server's own limit comes first, if it still runs.
    lock_timeout: timeout,
    statement_timeout: timeout,
    query_timeout: timeout + 100,
  };
  return watch(new Pool(options), logger);
}

/**
 * A pool for BullMQ, whose schema comes first in the search path.
 *
 * @param max connections at most
 */
export function createJobPool(url: string, max: number, { logger, server }: PoolContext): Pool {
  const options = { ...connectionTo(url, { search_path: jobSchema }), ...poolOf(max, server) };
  return watch(new Pool(options), logger);
}

/** What all pools have in common. */
function poolOf(max: number, server: ServerCheck): PoolConfig {
  return {
    ...connectionLimits,
    max,
    application_name: applicationName,
    // The pool waits for it, and passes no other kind of client; its type does not say so.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises
    onConnect: (client) => server.check(client as Client),
  };
}

/** Logs an idle connection that breaks; the next query opens another one. */
function watch(pool: Pool, logger: Logger): Pool {
  pool.on('error', (err) => {
    logger.warn({ err }, 'an idle database connection broke');
  });
  return pool;
}
