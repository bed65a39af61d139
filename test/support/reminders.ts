import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { Deliveries } from '../../src/notifications/deliveries.js';
import { ReminderStore } from '../../src/reminders/reminder.store.js';
import { eventually } from './eventually.js';
import type { Service } from './service.js';

export const hour = 3_600_000;
export const day = 24 * hour;

/** An instant on the clock of the database, so many milliseconds from now. */
export async function fromNow(db: Pool, ms: number): Promise<string> {
  const { rows } = await db.query<{ at: Date }>(
    `SELECT now() + make_interval(secs => $1::float8 / 1000) AS at`,
    [ms],
  );
  return rows[0]?.at.toISOString() ?? '';
}

/** Shifts a key, as if so much time had passed. */
export async function pass(db: Pool, keyId: string, ms: number): Promise<void> {
  await db.query(
    `UPDATE api_keys SET created_at = created_at - passed, expires_at = expires_at - passed
     FROM make_interval(secs => $2::float8 / 1000) AS passed WHERE id = $1`,
    [keyId, ms],
  );
}

/** Lets a sweep run, beside those that come by themselves, and waits until nothing is left to plan. */
export async function sweep({ app }: Pick<Service, 'app'>): Promise<void> {
  await app.get(JobQueue).add('sweep', randomUUID(), {});
  await eventually(async () => {
    const { keys, digests } = await app.get(ReminderStore).whatIsDue();
    return !keys && !digests;
  });
}

/** Sweeps, and waits until nothing is left to do at once: while the mail server takes mail. */
export async function settle(service: Service, timeoutMs?: number): Promise<void> {
  await sweep(service);
  // As its own round does every second.
  await service.app.get(Deliveries).queueDue();
  await untilIdle(service.db, timeoutMs);
}

/** Waits until no delivery is due or being attempted. */
export async function untilIdle(db: Pool, timeoutMs?: number): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await db.query(
      `SELECT FROM deliveries WHERE state = 'waiting'
         AND (next_attempt_at <= now() OR reason = 'the attempt did not end')`,
    );
    return rowCount === 0;
  }, timeoutMs);
}

export interface ReminderRow {
  threshold: number;
  superseded: boolean;
}

/** What was due for a key, the most urgent first. */
export async function remindersOf(db: Pool, keyId: string): Promise<ReminderRow[]> {
  const { rows } = await db.query<ReminderRow>(
    'SELECT threshold, superseded FROM reminders WHERE key_id = $1 ORDER BY threshold',
    [keyId],
  );
  return rows;
}

export interface DeliveryRow {
  id: string;
  state: string;
  attempts: number;
  reason: string | null;
}

/** Mails about a key to its owner, the oldest first. */
export async function deliveriesOf(db: Pool, keyId: string): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    'SELECT id, state, attempts, reason FROM deliveries WHERE key_id = $1 ORDER BY id',
    [keyId],
  );
  return rows;
}

/** Lets the time pass until everything that waits is retried. */
export async function passUntilRetry(db: Pool): Promise<void> {
  await db.query(
    `UPDATE deliveries SET next_attempt_at = now(), queued_at = NULL WHERE state = 'waiting'`,
  );
}

/** Lets so many days pass for the digests that were written. */
export async function passDigests(db: Pool, days: number): Promise<void> {
  await db.query('UPDATE reminders SET digest_day = digest_day - $1::integer', [days]);
  // Days are unique, also in the middle of a statement: so all go far away first.
  const far = 10_000;
  for (const shift of [far + days, -far]) {
    await db.query(
      `UPDATE deliveries SET digest_day = digest_day - $1::integer,
         digest_since = digest_since - $1::integer WHERE digest_day IS NOT NULL`,
      [shift],
    );
  }
}
