import type { ClientBase } from 'pg';
import { extend, genesis, hashedFields, timeField, type ChainHead } from './chain.js';
import { relationFlaws } from './chain-relations.js';
import { TimeOrder } from './time-order.js';

/** A head that was stored outside the database. */
export interface StoredHead extends ChainHead {
  /** Where it was stored; left out for a copy that a person has. */
  from?: string;
}

interface ChainRow {
  seq: string | null;
  eventId: string | null;
  hash: string | null;
  fields: (string | null)[];
}

/** The result. The log is intact when there are no findings. */
export interface ChainReport {
  /** The last row that is as it was written. */
  head: ChainHead;
  /**
   * Anything that could show another log than the stored one; the first row of the chain that was
   * changed; the first event whose time does not fit its position; the first event outside the chain.
   */
  findings: string[];
}

/** Rows that are in memory at a time. */
const batch = 1_000;

/**
 * Computes the audit chain again from the rows. The database only stores them: hashes are not computed
 * by its functions, which somebody could have replaced.
 *
 * @param copies heads that were stored elsewhere; only they show that a chain was cut off at its end,
 *   or rewritten from some row on
 * @param progress called now and then with the number of rows read
 */
export async function verifyChain(
  client: ClientBase,
  copies: readonly StoredHead[] = [],
  progress: (rows: number) => void = () => undefined,
): Promise<ChainReport> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // Settings of a database, a role or a URL must not lead to functions other than PostgreSQL's own.
    await client.query('SET LOCAL search_path = pg_catalog, pg_temp');
    // Statistics and indexes may be gone, too: each event must not become a scan over all of them.
    await client.query('SET LOCAL enable_nestloop = off');
    const flaws = await relationFlaws(client);
    const times = new TimeOrder();
    const { head, finding } = await follow(client, copies, times, progress);
    const outside = await findOutside(client);
    const findings = [...flaws, finding, times.finding, outside];
    return { head, findings: findings.filter((text) => text !== undefined) };
  } finally {
    await client.query('ROLLBACK');
  }
}

async function follow(
  client: ClientBase,
  copies: readonly StoredHead[],
  times: TimeOrder,
  progress: (rows: number) => void,
) {
  let head = genesis;
  for await (const row of rowsOf(client)) {
    const extended = extend(head, row.fields);
    const finding = flawOf(row, extended) ?? contradiction(extended, copies);
    if (finding !== undefined) return { head, finding };
    head = extended;
    times.add(head.seq, row.eventId ?? '', Number(row.fields[timeField]));
    if (head.seq % batch === 0) progress(head.seq);
  }
  return { head, finding: shortage(head, copies) };
}

function shortage({ seq }: ChainHead, copies: readonly StoredHead[]): string | undefined {
  const longest = copies.reduce<StoredHead>((a, b) => (b.seq > a.seq ? b : a), genesis);
  if (longest.seq > seq) {
    return `row ${seq + 1} is missing: ${longest.from ?? 'the copy'} knows ${longest.seq} rows`;
  }
  return seq === 0 ? 'the log is empty: it has rows from the first start on' : undefined;
}

async function* rowsOf(client: ClientBase): AsyncGenerator<ChainRow> {
  // The schema is named: a search_path could lead to other tables.
  await client.query(`
    DECLARE chain NO SCROLL CURSOR FOR
      SELECT link.seq, link.event_id AS "eventId", encode(link.hash, 'hex') AS hash,
        ${hashedFields} AS fields
      FROM public.audit_chain link LEFT JOIN public.audit_events event ON event.id = link.event_id
      ORDER BY link.seq`);
  for (;;) {
    const { rows } = await client.query<ChainRow>(`FETCH ${batch} FROM chain`);
    if (rows.length === 0) return;
    yield* rows;
  }
}

function flawOf(row: ChainRow, expected: ChainHead): string | undefined {
  const seq = Number(row.seq ?? Number.NaN);
  if (seq > expected.seq) return `row ${expected.seq} is missing: it was removed`;
  if (seq !== expected.seq) return `row ${row.seq ?? 'without a number'} was inserted`;
  if (row.fields[0] === null) return `row ${seq}: event ${row.eventId ?? ''} was removed`;
  if (row.hash === expected.hash) return undefined;
  // Somebody who also recomputes hashes can move the break to a later row, but not remove it.
  return (
    `row ${seq}: event ${row.eventId ?? ''} was changed, swapped or inserted, ` +
    'or rows before it were rewritten with their hashes'
  );
}

function contradiction(head: ChainHead, copies: readonly StoredHead[]): string | undefined {
  const other = copies.find(({ seq, hash }) => seq === head.seq && hash !== head.hash);
  return (
    other &&
    `row ${head.seq} differs from ${other.from ?? 'the copy'}: rows up to it were rewritten`
  );
}

async function findOutside(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(`
    SELECT id FROM public.audit_events event
    WHERE NOT EXISTS (SELECT FROM public.audit_chain link WHERE link.event_id = event.id)
    ORDER BY at, id LIMIT 1`);
  return rows[0] && `event ${rows[0].id} is not in the chain: it was inserted, or its row removed`;
}
