import type { Settings } from '../config/settings.js';
import { errorCode } from '../database/errors.js';
import { jobConnections } from '../jobs/postgres-backend.js';
import { verificationConnections } from '../verification/record-source.js';

/**
 * Connections that prepare the database: one holds the start lock, the other one updates the schema.
 */
const startConnections = 2;

/** SQLSTATE too_many_connections: of the server, of a database or of a role. */
const tooMany = '53300';
/** The message when no connection was free in time, for example of a pooler. */
const noneInTime =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)/;

/** The largest number of connections of a running node, as the role of DATABASE_URL. */
function connectionsOf(settings: Settings): number {
  const jobs = settings.redisUrl === undefined ? jobConnections : 0;
  const { managementConnections, denyingConnections } = settings;
  return managementConnections + denyingConnections + verificationConnections(settings) + jobs;
}

/**
 * Adds to PostgreSQL's error how many connections a node needs, if there are too few.
 *
 * @returns any other error as it is
 */
export function explainTooFew(error: unknown, settings: Settings): unknown {
  if (!(error instanceof Error)) return error;
  if (errorCode(error) !== tooMany && !noneInTime.test(error.message)) return error;
  return new Error(
    `PostgreSQL accepts no more connections: ${error.message}. ` +
      `A node needs up to ${connectionsOf(settings)}, and ${startConnections} more while it starts: see ` +
      'max_connections, and the CONNECTION LIMIT of the role and of the database.',
    { cause: error },
  );
}
