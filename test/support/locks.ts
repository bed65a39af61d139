import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';

/** A transaction of somebody else that holds row locks until it is told to end. */
export interface Holder {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Runs the statement in a transaction that stays open. */
export async function hold(db: Pool, sql: string, parameters: unknown[] = []): Promise<Holder> {
  const client = await db.connect();
  const end = async (command: string) => {
    await client.query(command);
    client.release();
  };
  await client.query('BEGIN');
  await client.query(sql, parameters);
  return {
    query: (statement, values) => client.query(statement, values),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
  };
}

/** Waits until so many connections to this database wait for a lock. */
export async function untilWaiting(db: Pool, connections = 1): Promise<void> {
  for (;;) {
    const { rows } = await db.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length >= connections) return;
    await delay(5);
  }
}
