import type { QueryConfig } from 'pg';
import { factsOf, readFacts, type FactsRow } from '../changes/facts.store.js';
import { historyHead } from '../database/history-head.js';
import {
  serverState,
  UnreliableServer,
  type ServerCheck,
  type ServerState,
} from '../database/server-checks.js';
import type { QueryResult, History, Question } from './fenced-records.js';

/** The largest number of history rows in one result. One number alone can have 1,001. */
const maxLog = 5_000;

const identity = `
  concat_ws('/', h.epoch, (SELECT oid FROM pg_database WHERE datname = current_database()),
    current_setting('fsync'), current_setting('full_page_writes'))`;

/**
 * The columns about the state itself. The clock is read after the snapshot: a key that is valid at that
 * time was valid when the snapshot was taken.
 */
const state = `
  h.n AS head, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms,
  ${identity} AS identity, ${serverState}`;

/**
 * Read only if there is some; one row more than there is room for, which shows that it was cut off.
 */
const history = `CASE WHEN h.n > $1 THEN (
  SELECT json_agg(json_build_object('n', n, 'kind', kind, 'reference', reference) ORDER BY n)
  FROM (SELECT * FROM auth_log WHERE n > $1 AND n <= h.n ORDER BY n LIMIT ${maxLog + 1}) log
) END`;

/** Used when all records are cached: most of the time under load. */
const stateAlone = {
  name: 'read-fence',
  text: `SELECT ${state}, ${history} AS log FROM ${historyHead} h`,
};

/**
 * One statement, and so one snapshot: the history and the rows that it refers to can never disagree.
 * The state is in every row; the history, which can be long, in the first.
 */
const stateAndRecords = {
  name: 'read-fence records',
  text: `
    SELECT ${state}, CASE WHEN asked.nth = 1 THEN ${history} END AS log, found.*
    FROM ${historyHead} h
      CROSS JOIN unnest($2::bytea[]) WITH ORDINALITY AS asked (hash, nth)
      LEFT JOIN LATERAL (
        ${factsOf('key_secrets s JOIN api_keys k ON k.id = s.key_id')}
        WHERE s.hash = asked.hash
      ) found ON true
    ORDER BY asked.nth`,
};

type Changes = Extract<History, { isWhole: true }>['changes'];

interface Row extends FactsRow, ServerState {
  head: string;
  now_ms: number | null;
  identity: string;
  log: Changes | null;
}

/** What queries go through: a pool, or connections that are held. */
interface Connections {
  query(query: QueryConfig): Promise<{ rows: Row[] }>;
}

function historyOf(log: Changes | null): History {
  if (log === null) return { isWhole: true, changes: [] };
  return log.length > maxLog ? { isWhole: false } : { isWhole: true, changes: log };
}

/** Asks the primary for records and for the history, always both at once. */
export class RecordStore {
  constructor(
    private readonly connections: Connections,
    private readonly server: ServerCheck,
  ) {}

  /** @throws UnreliableServer when the server must not be relied on; the driver's errors */
  async ask({ after, hashes }: Question): Promise<QueryResult> {
    const since = after ?? null;
    const { rows } = await this.connections.query(
      hashes.length === 0
        ? { ...stateAlone, values: [since] }
        : { ...stateAndRecords, values: [since, hashes] },
    );
    const [first] = rows;
    if (first === undefined) throw new Error('auth_head has no row');
    this.server.admit(first);
    // Nothing is judged, or cached, at an invalid time.
    const now = new Date(first.now_ms ?? Number.NaN);
    if (Number.isNaN(now.getTime())) throw new UnreliableServer('its clock cannot be read');
    return {
      head: Number(first.head),
      now,
      identity: `${first.identity}/${first.timeline ?? 'recovery'}`,
      history: historyOf(first.log),
      found: hashes.length === 0 ? [] : rows.map(readFacts),
    };
  }
}
