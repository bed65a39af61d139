import type { Pool } from 'pg';
import { Problem } from '../common/errors.js';
import { hazard, timeline } from '../database/server-checks.js';
import { factsOf, readFacts, type FactsRow } from '../permissions/facts.store.js';
import type { Answer, Question } from './fenced-records.js';

/** Rows of the history that one answer can have: more than the longest transaction writes. */
const maxLog = 5_000;

const identity = `
  concat_ws('/', h.epoch, (SELECT oid FROM pg_database WHERE datname = current_database()),
    coalesce(${timeline}, 'recovery'),
    current_setting('fsync'), current_setting('full_page_writes'))`;

/** What there is to say of the state itself. `now()` is the beginning of the statement. */
const state = `
  h.n AS head, now() AS now, ${identity} AS identity, ${hazard} AS hazard`;

const history = `(
  SELECT json_agg(json_build_object('n', n, 'kind', kind, 'reference', reference))
  FROM (SELECT * FROM auth_log WHERE n > $1 AND n <= h.n ORDER BY n LIMIT ${maxLog}) log
)`;

/** Asked when all records are known: most of the time under load. */
const stateAlone = {
  name: 'read-fence',
  text: `SELECT ${state}, ${history} AS log FROM auth_head h`,
};

/**
 * One statement, and so one snapshot: the history and the rows that it tells of can never disagree.
 * The state stands in every row; the history, which can be long, in the first.
 */
const stateAndRecords = {
  name: 'read-fence records',
  text: `
    SELECT ${state}, CASE WHEN asked.nth = 1 THEN ${history} END AS log, found.*
    FROM auth_head h
      CROSS JOIN unnest($2::bytea[]) WITH ORDINALITY AS asked (hash, nth)
      LEFT JOIN LATERAL (
        ${factsOf('key_secrets s JOIN api_keys k ON k.id = s.key_id')}
        WHERE s.hash = asked.hash
      ) found ON true
    ORDER BY asked.nth`,
};

interface Row extends FactsRow {
  head: string;
  now: Date;
  identity: string;
  hazard: string | null;
  log: Answer['log'] | null;
}

/** Asks the primary for records and for the history, always both at once. */
export class RecordStore {
  constructor(
    private readonly pool: Pool,
    private readonly allowUnsafe: boolean,
  ) {}

  /** @throws Problem `unavailable` when the server is not to be relied on; the driver's errors */
  async ask({ after, hashes }: Question): Promise<Answer> {
    const since = after ?? null;
    const { rows } = await this.pool.query<Row>(
      hashes.length === 0
        ? { ...stateAlone, values: [since] }
        : { ...stateAndRecords, values: [since, hashes] },
    );
    const [first] = rows;
    if (first === undefined) throw new Error('auth_head has no row');
    if (first.hazard !== null && !this.allowUnsafe) {
      throw new Problem('unavailable', undefined, {}, { cause: new Error(first.hazard) });
    }
    return {
      head: Number(first.head),
      now: first.now,
      identity: first.identity,
      log: first.log ?? [],
      found: hashes.length === 0 ? [] : rows.map(readFacts),
    };
  }
}
