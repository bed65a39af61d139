import type { MigrationInterface, QueryRunner } from 'typeorm';
import { firstMoment, isTime, lastMoment, unreadable } from './readable.js';

/** The nearest moment in the past. */
const past = (column: string) => `least(greatest(${column}, ${firstMoment}), now())`;

const orPast = (column: string) =>
  `CASE WHEN NOT (${isTime(column)}) THEN ${past(column)} ELSE ${column} END`;

/** The readable entries of a list. Lists within lists match nothing, and will match nothing from now on. */
const list = (column: string) => `
  CASE WHEN ${column} IS NULL THEN NULL WHEN array_ndims(${column}) > 1 THEN '{}' ELSE ARRAY(
    SELECT entry FROM unnest(${column}) WITH ORDINALITY AS entries (entry, nth)
    WHERE entry IS NOT NULL ORDER BY nth)
  END`;

/**
 * A key without a list may do everything. So one whose list is lost is revoked, and gets a list that
 * allows nothing.
 */
const listOfKey = (column: string, nothing: string) =>
  `coalesce(nullif(${list(column)}, '{}'), CASE WHEN ${column} IS NOT NULL THEN ARRAY['${nothing}'] END)`;

const isLost = `'{}' IN (${list('k.permissions')}, ${list('k.allowed_ips')})`;

/**
 * A key never becomes valid for more or for longer. An infinite expiry becomes none, if the
 * organisation allows that; otherwise the longest that it allows.
 */
const expiry = `
  CASE
    WHEN k.expires_at < ${firstMoment} THEN ${past('k.created_at')}
    WHEN k.expires_at = 'infinity' AND o.allow_no_expiry THEN NULL
    WHEN k.expires_at = 'infinity' THEN least(${lastMoment},
      ${past('k.created_at')} + make_interval(days => least(o.max_lifetime_days, 100000)))
    WHEN k.expires_at > ${lastMoment} THEN ${lastMoment}
    ELSE k.expires_at
  END`;

const keys = `
  UPDATE api_keys k SET
    created_at = ${orPast('k.created_at')},
    expires_at = ${expiry},
    revoked_at = CASE
      WHEN NOT (${isTime('k.revoked_at')}) THEN least(greatest(k.revoked_at, ${past('k.created_at')}), now())
      WHEN k.revoked_at IS NULL AND ${isLost} THEN now()
      ELSE k.revoked_at
    END,
    revoke_reason = CASE
      WHEN k.revoked_at IS NULL AND ${isLost} THEN 'a list of the key could not be read'
      ELSE k.revoke_reason
    END,
    permissions = ${listOfKey('k.permissions', 'none:read')},
    allowed_ips = ${listOfKey('k.allowed_ips', '0.0.0.0/32')}
  FROM organisations o
  WHERE o.id = k.org_id AND k.id IN (SELECT id FROM api_keys WHERE ${unreadable('api_keys')})
  RETURNING k.id`;

const update = (table: string, id: string, changes: readonly string[]) => ({
  table,
  sql: `UPDATE ${table} SET ${changes.join(', ')} WHERE ${unreadable(table)} RETURNING ${id} AS id`,
});

const remove = (table: string, id: string, condition = unreadable(table)) => ({
  table,
  sql: `DELETE FROM ${table} WHERE ${condition} RETURNING ${id} AS id`,
});

const timeOrPast = (column: string) => `${column} = ${orPast(column)}`;

/** In the order in which they run: keys that are mended are watched again. */
const mendings = [
  update('organisations', 'id', [timeOrPast('created_at'), `grants = ${list('grants')}`]),
  update('users', 'id', [timeOrPast('created_at')]),
  update('memberships', `org_id || '/' || user_id`, [
    timeOrPast('created_at'),
    `grants = ${list('grants')}`,
  ]),
  { table: 'api_keys', sql: keys },
  update('key_secrets', 'id', [timeOrPast('created_at')]),
  update('key_usage', 'key_id', [timeOrPast('last_used_at')]),
  update('expiry_watch', 'key_id', ['due_at = now()']),
  // No key has such an expiry any more. There are reminders of the one that it has now.
  remove('reminders', 'key_id', `NOT (${isTime('expires_at')})`),
  update('reminders', 'key_id', [timeOrPast('created_at')]),
  remove('deliveries', 'id', `NOT (${isTime('expires_at')})`),
  update('deliveries', 'id', ['next_attempt_at', 'created_at', 'finished_at'].map(timeOrPast)),
  update('webhooks', 'id', [
    timeOrPast('previous_until'),
    timeOrPast('created_at'),
    `events = ${list('events')}`,
  ]),
  // They would never end, or end before they began.
  remove('sessions', 'id'),
  remove('sign_in_links', 'user_id'),
];

/** How many rows one line of the log names. */
const named = 20;

/** Mends rows that the service cannot read, and that are older than the checks. */
export class MendRows1764000014100 implements MigrationInterface {
  /** What was done, for the log of the start. */
  readonly report: string[] = [];

  async up(runner: QueryRunner): Promise<void> {
    for (const { table, sql } of mendings) {
      const [rows] = (await runner.query(sql)) as [{ id: string }[], number];
      if (rows.length === 0) continue;
      const ids = rows.slice(0, named).map(({ id }) => id);
      this.report.push(
        `Mended rows of ${table} that could not be read: ${rows.length} (${ids.join(', ')}${rows.length > named ? ', …' : ''})`,
      );
    }
  }

  async down(): Promise<void> {
    // Nobody has a use for what could not be read.
  }
}
