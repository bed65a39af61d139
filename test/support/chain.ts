import type { ClientBase, Pool, PoolClient } from 'pg';
import { verifyChain, type ChainReport } from '../../src/audit/chain-verifier.js';
import type { ChainHead } from '../../src/audit/chain.js';

/**
 * Runs SQL that adds events with times and kinds of its own, which nothing but the owner of the tables can.
 */
export async function addUnstamped(db: Pool, sql: string, values: unknown[] = []): Promise<void> {
  const client = await db.connect();
  try {
    await client.query('BEGIN; ALTER TABLE audit_events DISABLE TRIGGER audit_events_stamp');
    await client.query(sql, values);
    // A table whose triggers have not run yet cannot be altered.
    await client.query(`
      SET CONSTRAINTS ALL IMMEDIATE;
      ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp;
      COMMIT`);
  } finally {
    // Without a transaction it does nothing but warn.
    await client.query('ROLLBACK');
    client.release();
  }
}

/**
 * Adds this many events to an organisation's log in one transaction, a millisecond after each other.
 *
 * @param name begins their ids
 */
export async function addEvents(db: Pool, orgId: string, count: number, name = ''): Promise<void> {
  await addUnstamped(
    db,
    `INSERT INTO audit_events (id, org_id, at, action, target_id, before, after, request_id)
     SELECT 'aud_' || $3 || lpad(n::text, 26 - length($3), '0'), $1, now() + n * interval '1 ms', 'org.renamed', $1,
       jsonb_build_object('name', 'Name ' || n), jsonb_build_object('name', 'Name ' || n + 1),
       'request ' || n
     FROM generate_series(1, $2::int) AS n`,
    [orgId, count, name],
  );
}

/** What the verifier says of the database as it is now. */
export async function verifyNow(
  db: Pool,
  copies?: ChainHead[],
  progress?: (rows: number) => void,
): Promise<ChainReport> {
  const client = await db.connect();
  try {
    return await verifyChain(client, copies, progress);
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

/**
 * What the verifier says after somebody ran this SQL without triggers; then undoes it.
 *
 * @param db as a superuser sees it, or as the owner of the tables
 * @param triggers that are off: nobody but a superuser turns those of foreign keys off
 */
export async function verifyAfter(
  db: Pool,
  sql: string,
  copies?: ChainHead[],
  triggers: 'ALL' | 'USER' = 'ALL',
): Promise<ChainReport> {
  const client = await db.connect();
  try {
    await client.query(`
      BEGIN;
      ALTER TABLE audit_events DISABLE TRIGGER ${triggers};
      ALTER TABLE audit_chain DISABLE TRIGGER ${triggers};
      ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
      ALTER TABLE audit_events DROP CONSTRAINT audit_events_at_readable;
      ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_pkey;
      ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_event_id_key;
      ${sql}`);
    return await verifyChain(nested(client), copies);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Changes the event of this row, and computes all hashes from there on again, as a superuser can. */
export async function rewriteFrom(db: Pool, seq: number): Promise<void> {
  await db.query(`
    BEGIN;
    ALTER TABLE audit_events DISABLE TRIGGER USER;
    ALTER TABLE audit_chain DISABLE TRIGGER USER;
    CREATE TEMPORARY TABLE tail ON COMMIT DROP AS
      SELECT seq, event_id FROM audit_chain WHERE seq >= ${seq};
    DELETE FROM audit_chain WHERE seq >= ${seq};
    UPDATE audit_events SET ip = '6.6.6.6' WHERE id IN (SELECT event_id FROM tail WHERE seq = ${seq});
    DO $$ DECLARE event audit_events; BEGIN
      FOR event IN SELECT e.* FROM tail JOIN audit_events e ON e.id = event_id ORDER BY seq LOOP
        PERFORM audit_chain_append(event);
      END LOOP;
    END $$;
    ${enableTriggers}
    COMMIT`);
}

/** Removes the newest rows of the log, as a superuser can. */
export async function cutOff(db: Pool, rows: number): Promise<void> {
  await db.query(`
    BEGIN;
    ALTER TABLE audit_events DISABLE TRIGGER USER;
    ALTER TABLE audit_chain DISABLE TRIGGER USER;
    WITH gone AS (
      DELETE FROM audit_chain WHERE seq > (SELECT max(seq) - ${rows} FROM audit_chain) RETURNING event_id
    )
    DELETE FROM audit_events WHERE id IN (SELECT event_id FROM gone);
    ${enableTriggers}
    COMMIT`);
}

const enableTriggers = `
  ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_append_only;
  ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_chain;
  ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp;
  ALTER TABLE audit_chain ENABLE ALWAYS TRIGGER audit_chain_append_only;`;

/** How many events have no row in the chain. */
export async function unchained(db: Pool): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    'SELECT count(*) FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_chain)',
  );
  return Number(rows[0]?.count);
}
