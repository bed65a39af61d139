import type { ClientBase } from 'pg';
import { extend, genesis, hashedFields, type ChainHead } from './chain.js';

interface ChainRow {
  seq: string | null;
  eventId: string | null;
  hash: string | null;
  fields: (string | null)[];
}

/** What was found. The log is intact when nothing was. */
export interface ChainReport {
  /** The last row that is as it was written. */
  head: ChainHead;
  /** The first row of the chain that is not as it was written, and the first event outside it. */
  findings: string[];
}

/** Rows that are in memory at once. */
const batch = 1_000;

/**
 * Computes the audit chain again from the rows. The database only stores them: no function of it
 * that somebody could have replaced is asked for a hash.
 *
 * @param copies heads that were kept elsewhere; only they tell of a chain that was cut off at its
 *   end or written anew from some row on
 */
export async function verifyChain(
  client: ClientBase,
  copies: readonly ChainHead[] = [],
): Promise<ChainReport> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // Statistics and indexes may be gone, too: each event must not become a walk over all of them.
    await client.query('SET LOCAL enable_nestloop = off');
    const { head, finding } = await follow(client, copies);
    const outside = await findOutside(client);
    return { head, findings: [finding, outside].filter((text) => text !== undefined) };
  } finally {
    await client.query('ROLLBACK');
  }
}

async function follow(client: ClientBase, copies: readonly ChainHead[]) {
  let head = genesis;
  for await (const row of rowsOf(client)) {
    const next = extend(head, row.fields);
    const finding = flawOf(row, next) ?? contradiction(next, copies);
    if (finding !== undefined) return { head, finding };
    head = next;
  }
  const longest = Math.max(0, ...copies.map(({ seq }) => seq));
  if (longest <= head.seq) return { head, finding: undefined };
  return { head, finding: `row ${head.seq + 1} is missing: the copy knows ${longest} rows` };
}

async function* rowsOf(client: ClientBase): AsyncGenerator<ChainRow> {
  // The schema is named: a search_path could lead to tables beside ours.
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
  // Who also computes hashes anew can move the break to a later row, but not make it go away.
  return (
    `row ${seq}: event ${row.eventId ?? ''} was changed, swapped or inserted, ` +
    'or rows before it were rewritten with their hashes'
  );
}

function contradiction(head: ChainHead, copies: readonly ChainHead[]): string | undefined {
  const isOther = copies.some(({ seq, hash }) => seq === head.seq && hash !== head.hash);
  return isOther
    ? `row ${head.seq} differs from the copy: rows up to it were rewritten`
    : undefined;
}

async function findOutside(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(`
    SELECT id FROM public.audit_events event
    WHERE NOT EXISTS (SELECT FROM public.audit_chain link WHERE link.event_id = event.id)
    ORDER BY at, id LIMIT 1`);
  return rows[0] && `event ${rows[0].id} is not in the chain: it was inserted, or its row removed`;
}
