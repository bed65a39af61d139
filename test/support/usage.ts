import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { UsageFlush } from '../../src/jobs/jobs.js';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { eventually } from './eventually.js';
import type { Service } from './service.js';

export type Use = UsageFlush['uses'][number];

export const day = '2026-11-25';

/** A flush of one use, at noon plus so many milliseconds. */
export function oneUse(keyId: Use['keyId'], ms = 0, from: Partial<Use> = {}): UsageFlush {
  const lastUsedAt = Date.parse(`${day}T12:00:00Z`) + ms;
  const use = { keyId, count: 1, lastUsedAt, ip: null, userAgent: null, ...from };
  return { processId: randomUUID(), sequence: 1, day, uses: [use] };
}

/** Adds a job as a process of the service does. */
export function addFlush(
  { app }: Pick<Service, 'app'>,
  flush: UsageFlush,
  id: string = randomUUID(),
): Promise<void> {
  return app.get(JobQueue).add('usage', id, flush);
}

/** Waits until this flush is counted. */
export async function untilCounted(
  db: Pool,
  { processId, sequence }: UsageFlush,
  timeoutMs?: number,
): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await db.query(
      'SELECT FROM usage_processes WHERE id = $1 AND counted @> $2::int',
      [processId, sequence],
    );
    return rowCount === 1;
  }, timeoutMs);
}

export interface Usage {
  uses: number;
  /** Milliseconds since 1970. */
  lastUsedAt: number;
  ip: string | null;
  userAgent: string | null;
}

/** What the database knows of the use of a key. */
export async function usageOf(db: Pool, keyId: string): Promise<Usage | undefined> {
  const { rows } = await db.query<Omit<Usage, 'lastUsedAt'> & { at: Date }>(
    `SELECT uses::int, last_used_at AS at, last_ip AS ip, last_user_agent AS "userAgent"
     FROM key_usage WHERE key_id = $1`,
    [keyId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { at, ...usage } = row;
  return { ...usage, lastUsedAt: at.getTime() };
}

/** Totals by day. */
export async function daysOf(db: Pool, keyId: string): Promise<Record<string, number>> {
  const { rows } = await db.query<{ day: string; uses: number }>(
    'SELECT day::text, uses::int FROM key_usage_days WHERE key_id = $1',
    [keyId],
  );
  return Object.fromEntries(rows.map((row) => [row.day, row.uses]));
}

/** Waits until a key was used so often: a flush takes up to ten seconds. */
export async function untilUses(db: Pool, keyId: string, uses: number): Promise<Usage> {
  return eventually(async () => {
    const usage = await usageOf(db, keyId);
    return usage !== undefined && usage.uses >= uses && usage;
  }, 30_000);
}
