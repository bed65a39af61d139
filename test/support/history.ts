import type { Pool, PoolClient } from 'pg';

/** One row of the numbered history. */
export interface LogRow {
  n: number;
  kind: string;
  reference: string;
}

/** The number that the history has reached. */
export async function headOf(db: Pool | PoolClient): Promise<number> {
  const { rows } = await db.query<{ n: string }>('SELECT n FROM auth_head');
  return Number(rows[0]?.n);
}

/** What the history says since that number, in order, without the rows that only count. */
export async function logSince(db: Pool, number: number): Promise<LogRow[]> {
  const { rows } = await db.query<{ n: string; kind: string; reference: string }>(
    `SELECT n, kind, reference FROM auth_log WHERE n > $1 AND kind <> 'advance'
     ORDER BY n, kind, reference`,
    [number],
  );
  return rows.map(({ n, kind, reference }) => ({ n: Number(n), kind, reference }));
}

/** How many rows the audit log has. */
export async function auditCount(db: Pool): Promise<number> {
  const { rows } = await db.query<{ count: string }>('SELECT count(*) FROM audit_events');
  return Number(rows[0]?.count);
}
