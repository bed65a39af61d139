import type { Client } from 'pg';
import { errorCode } from './errors.js';

/** An index that is built while others write: no migration can do that, as it cannot run in a transaction. */
interface LateIndex {
  name: string;
  on: string;
}

/** Built after all migrations. Without one of them the service is slower, but works. */
const lateIndexes: readonly LateIndex[] = [
  { name: 'audit_events_by_action', on: 'audit_events (org_id, action, at, id)' },
  // Whose searched names are missing: none, except after an upgrade.
  { name: 'api_keys_unsearched', on: 'api_keys (id) WHERE search_name IS NULL' },
  // The parts of masks that people search for.
  {
    name: 'key_secrets_by_first',
    on: 'key_secrets ((lower(left(right(mask, 9), 4) COLLATE "C")))',
  },
  { name: 'key_secrets_by_last', on: 'key_secrets ((lower(right(mask, 4) COLLATE "C")))' },
];

/**
 * Finds names by parts of them. Each change is written at once: otherwise one of many would have to
 * write those of all the others.
 */
const nameIndex = (trigrams: string): LateIndex => ({
  name: 'api_keys_by_search_name',
  on: `api_keys USING gin (search_name ${trigrams}) WITH (fastupdate = off)`,
});

/** How long the build of an index waits for a transaction that began before it, such as a dump. */
const lockTimeout = '2min';

/**
 * lock_not_available; and deadlock_detected, with a node of 0.1.0 or older. It waits for the start lock
 * in a statement, and the build waits for the snapshot of that statement. And insufficient_privilege: an
 * extension can be in a schema that this role may not use.
 */
const mustWait = ['55P03', '40P01', '42501'];

/**
 * Builds the missing indexes. An invalid one was left by a build that failed or was killed: it is
 * dropped first.
 *
 * If a build has to wait for too long, the start continues without the index, and the next start tries
 * again.
 *
 * @param owner connected as the role that owns the tables, with the start lock
 * @param progress receives a line for each index
 */
export async function buildLateIndexes(
  owner: Client,
  progress: (message: string) => void,
): Promise<void> {
  const trigrams = await findTrigrams(owner, progress);
  const indexes = trigrams === undefined ? lateIndexes : [...lateIndexes, nameIndex(trigrams)];
  await owner.query(`SET lock_timeout = '${lockTimeout}'`);
  for (const { name, on } of indexes) {
    const isValid = await isValidIndex(owner, name);
    if (isValid === true) continue;
    progress(`Building the index ${name}…`);
    try {
      if (isValid === false) await owner.query(`DROP INDEX CONCURRENTLY ${name}`);
      await owner.query(`CREATE INDEX CONCURRENTLY ${name} ON ${on}`);
    } catch (error) {
      if (!mustWait.includes(errorCode(error) ?? '')) throw error;
      const reason = (error as Error).message;
      progress(`The index ${name} is not built (${reason}): the next start will retry.`);
    }
  }
  await owner.query('RESET lock_timeout');
}

/**
 * The operator class of pg_trgm, which is installed if that is permitted. Wherever it is: no path leads
 * to other schemas.
 *
 * @returns undefined when the database does not have it, and searches read all keys of an organisation
 */
async function findTrigrams(
  owner: Client,
  progress: (message: string) => void,
): Promise<string | undefined> {
  const found = await trigramClass(owner);
  if (found !== undefined) return found;
  try {
    await owner.query('CREATE EXTENSION pg_trgm SCHEMA public');
  } catch (error) {
    // Not permitted, not installed on the server, or whatever a provider says instead.
    if (errorCode(error) === undefined) throw error;
    progress(`Searches of keys have no index: no extension pg_trgm (${(error as Error).message}).`);
    return undefined;
  }
  return trigramClass(owner);
}

async function trigramClass(owner: Client): Promise<string | undefined> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT quote_ident(n.nspname) || '.gin_trgm_ops' AS name
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'`,
  );
  return rows[0]?.name;
}

/** @returns undefined when there is no such index */
async function isValidIndex(owner: Client, name: string): Promise<boolean | undefined> {
  const { rows } = await owner.query<{ isValid: boolean }>(
    'SELECT indisvalid AS "isValid" FROM pg_index WHERE indexrelid = to_regclass($1)',
    [name],
  );
  return rows[0]?.isValid;
}
