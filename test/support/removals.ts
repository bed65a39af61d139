import { expect } from 'expect';
import type { Pool } from 'pg';
import type { ApiResponse } from './client.js';
import { eventually } from './eventually.js';
import { hold, type Holder } from './locks.js';
import { insertKeys } from './many-keys.js';
import { addPerson, type Organisation, type Person } from './organisation.js';
import type { Service } from './service.js';

/** Keeps sweeps from revoking the keys of removed members. */
export const holdRemovals = (db: Pool): Promise<Holder> =>
  hold(db, 'SELECT pg_advisory_xact_lock(27496)');

/** A member with so many keys, the one that they use included. */
export async function memberWithKeys(
  service: Service,
  org: Organisation,
  keys: number,
  role: 'manager' | 'member' = 'member',
): Promise<Person> {
  const person = await addPerson(service, org.id, role);
  await insertKeys(service.db, org, keys - 1, person.userId);
  return person;
}

export async function removeMember(
  org: Organisation,
  { userId }: Pick<Person, 'userId'>,
): Promise<ApiResponse> {
  const removed = await org.manager.delete(org.path(`/members/${userId}`));
  expect(removed.status).toBe(200);
  return removed;
}

/** How many keys of somebody have rows that do not say that they are revoked. */
export async function unrevokedRows(db: Pool, userId: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM api_keys WHERE owner_id = $1 AND revoked_at IS NULL',
    [userId],
  );
  return rows[0]?.n ?? 0;
}

/** Whether the removal of somebody is still under way. */
export async function isUnderWay(db: Pool, userId: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM ended_memberships WHERE user_id = $1', [userId]);
  return rowCount === 1;
}

/** Whether keys of somebody who stays are still to be revoked. */
export async function isRevoking(db: Pool, userId: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM key_revocations WHERE user_id = $1', [userId]);
  return rowCount === 1;
}

/** Waits until all keys of somebody are revoked, row by row. */
export async function untilRemoved(db: Pool, userId: string, timeoutMs = 60_000): Promise<void> {
  await eventually(async () => !(await isUnderWay(db, userId)), timeoutMs);
  expect(await unrevokedRows(db, userId)).toBe(0);
}

/** Lets so many seconds pass for the removals and revocations that are under way. */
export async function passRemovals(db: Pool, seconds: number): Promise<void> {
  const tasks = [
    ['ended_memberships', 'ended_at'],
    ['key_revocations', 'asked_at'],
  ] as const;
  for (const [table, since] of tasks) {
    await db.query(
      `UPDATE ${table} SET ${since} = ${since} - passed, worked_at = worked_at - passed
       FROM make_interval(secs => $1) AS passed`,
      [seconds],
    );
  }
}

interface RevokedRow {
  reason: string;
  revokedAt: Date;
  byUserId: string | null;
  byKeyId: string | null;
  events: number;
  actorOrgId: string | null;
  actorUserId: string | null;
  actorKeyId: string | null;
  requestId: string | null;
}

/** What keys and audit log say of each revoked key of somebody, each different one once. */
export async function revocationsOf(
  db: Pool,
  userId: string,
): Promise<(RevokedRow & { keys: number })[]> {
  const { rows } = await db.query<RevokedRow & { keys: number }>(
    `SELECT count(*)::int AS keys, found.* FROM (
       SELECT k.revoke_reason AS reason, k.revoked_at AS "revokedAt",
         k.revoked_by_user_id AS "byUserId", k.revoked_by_key_id AS "byKeyId",
         count(e.id)::int AS events, min(e.actor_org_id) AS "actorOrgId",
         min(e.actor_user_id) AS "actorUserId", min(e.actor_key_id) AS "actorKeyId",
         min(e.request_id) AS "requestId"
       FROM api_keys k
       LEFT JOIN audit_events e ON e.target_id = k.id AND e.action = 'key.revoked'
       WHERE k.owner_id = $1 AND k.revoked_at IS NOT NULL GROUP BY k.id
     ) AS found GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10`,
    [userId],
  );
  return rows;
}
