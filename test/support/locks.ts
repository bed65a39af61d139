import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';

/**
 * A transaction of somebody else that holds locks until a caller ends it. Take it with
 * `await using`: a test that fails must not leave others waiting.
 */
export interface Holder extends AsyncDisposable {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Runs the statement in a transaction that stays open. */
export async function hold(db: Pool, sql: string, parameters: unknown[] = []): Promise<Holder> {
  const client = await db.connect();
  let isOver = false;
  const end = async (command: string) => {
    if (isOver) return;
    isOver = true;
    await client.query(command);
    client.release();
  };
  await client.query('BEGIN');
  await client.query(sql, parameters);
  return {
    query: (statement, values) => client.query(statement, values),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    [Symbol.asyncDispose]: () => end('ROLLBACK'),
  };
}

/** Longer than a change waits for a lock: none comes any more. Milliseconds. */
const timeoutMs = 10_000;

/** Waits until so many connections to this database wait for a lock. */
export async function untilWaiting(db: Pool, connections = 1): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end;) {
    const { rows } = await db.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length >= connections) return;
    await delay(5);
  }
  throw new Error(`there were never ${connections} connections that waited for a lock at once`);
}
