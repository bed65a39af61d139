import type { ClientBase, Pool, PoolClient } from 'pg';
import { verifyChain, type ChainReport } from '../../src/audit/chain-verifier.js';
import type { ChainHead } from '../../src/audit/chain.js';

/** Adds this many events to an organisation's log, as hand-written SQL does. */
export async function addEvents(db: Pool, orgId: string, count: number): Promise<void> {
  await db.query(
    `INSERT INTO audit_events (id, org_id, at, action, target_id, before, after, request_id)
     SELECT 'aud_' || lpad(n::text, 26, '0'), $1, now() - n * interval '1 s', 'org.renamed', $1,
       jsonb_build_object('name', 'Name ' || n), jsonb_build_object('name', 'Name ' || n + 1),
       'request ' || n
     FROM generate_series(1, $2::int) AS n`,
    [orgId, count],
  );
}

/** What the verifier says of the database as it is now. */
export async function verifyNow(db: Pool, copies?: ChainHead[]): Promise<ChainReport> {
  const client = await db.connect();
  try {
    return await verifyChain(client, copies);
  } finally {
    client.release();
  }
}

/** A client whose transactions are part of the one that is running already. */
function nested(client: PoolClient): ClientBase {
  const query = (sql: string) => {
    if (sql.startsWith('BEGIN')) return client.query('SAVEPOINT verify');
    return client.query(sql === 'ROLLBACK' ? 'ROLLBACK TO SAVEPOINT verify' : sql);
  };
  return { query } as unknown as ClientBase;
}

/** What the verifier says after a superuser ran this SQL without triggers; then undoes it. */
export async function verifyAfter(
  db: Pool,
  sql: string,
  copies?: ChainHead[],
): Promise<ChainReport> {
  const client = await db.connect();
  try {
    await client.query(`
      BEGIN;
      ALTER TABLE audit_events DISABLE TRIGGER ALL;
      ALTER TABLE audit_chain DISABLE TRIGGER ALL;
      ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
      ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_pkey;
      ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_event_id_key;
      ${sql}`);
    return await verifyChain(nested(client), copies);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** How many events have no row in the chain. */
export async function unchained(db: Pool): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    'SELECT count(*) FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_chain)',
  );
  return Number(rows[0]?.count);
}
