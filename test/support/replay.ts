import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import type { Outcome } from './changes.js';

type State = Record<string, unknown>;

interface Event {
  orgId: string;
  action: string;
  targetId: string;
  before: State | null;
  after: State | null;
}

const initialOrg = {
  status: 'active',
  defaultExpiryDays: 90,
  maxLifetimeDays: 365,
  allowNoExpiry: false,
  memberKeys: 'own',
};
/** Also the state of users who have no event of their own: they came with a membership. */
const initialUser = { status: 'active' };
const initialStates: Record<string, State> = { org: initialOrg, user: initialUser };

/** The rows that the log describes, by the name that they have here. */
const tables: Record<string, string> = {
  organisations: `SELECT id, name, status, grants, default_expiry_days AS "defaultExpiryDays",
    max_lifetime_days AS "maxLifetimeDays", allow_no_expiry AS "allowNoExpiry",
    member_keys AS "memberKeys" FROM organisations`,
  users: 'SELECT id, status FROM users',
  memberships: `SELECT org_id || '/' || user_id AS id, role, grants FROM memberships`,
  keys: `SELECT id, owner_id AS "ownerId", name, scope, permissions, allowed_ips AS "allowedIps",
    expires_at AS "expiresAt", CASE WHEN revoked_at IS NULL THEN 'active' ELSE 'revoked' END AS state
    FROM api_keys`,
};

/** Whether the state has all these fields with these values. */
const has = (state: State, fields: State) =>
  Object.entries(fields).every(([field, value]) => isDeepStrictEqual(state[field], value));

/**
 * Follows the audit log from its first row to the last, as the chain orders it.
 *
 * @returns the states that it leads to, and each event that does not follow from those before
 */
function follow(events: readonly Event[]): { states: Map<string, State>; flaws: string[] } {
  const states = new Map<string, State>();
  const flaws: string[] = [];
  const isManaged = (orgId: string) =>
    [...states].some(([id, { role }]) => id.startsWith(`${orgId}/`) && role === 'manager');
  for (const event of events) {
    const { orgId, action, targetId, before, after } = event;
    const [object = '', verb = ''] = action.split('.');
    const id = object === 'member' ? `${orgId}/${targetId}` : targetId;
    const isNew = ['created', 'added'].includes(verb);
    const known = states.get(id) ?? (object === 'user' ? initialUser : undefined);
    const next: State = { ...(isNew ? initialStates[object] : known), ...after };
    if (object === 'key' && isNew) next.state = 'active';
    const isPossible = isNew ? !states.has(id) : known !== undefined && has(known, before ?? {});
    const isEffective = verb === 'removed' || !isDeepStrictEqual(known, next);
    if (!isPossible || !isEffective) flaws.push(`does not follow: ${JSON.stringify(event)}`);
    if (verb === 'removed') states.delete(id);
    else states.set(id, next);
    if (before?.role === 'manager' && !isManaged(orgId)) {
      flaws.push(`left nobody to manage: ${JSON.stringify(event)}`);
    }
  }
  return { states, flaws };
}

/**
 * What the audit log and the tables do not agree upon: a change without its row, a row without its
 * change, one of a change that changed nothing, and an organisation that was left to nobody. Only
 * where all changes were made through the service, and no manager was deactivated.
 */
export async function findUnaudited(db: Pool): Promise<string[]> {
  const log = await db.query<Event>(
    `SELECT org_id AS "orgId", action, target_id AS "targetId", before, after
     FROM audit_chain chain JOIN audit_events event ON event.id = chain.event_id ORDER BY seq`,
  );
  const { states, flaws } = follow(log.rows);
  for (const [table, sql] of Object.entries(tables)) {
    const { rows } = await db.query<State & { id: string }>(sql);
    for (const row of rows) {
      // As JSON has it: times are texts.
      const { id, ...fields } = JSON.parse(JSON.stringify(row)) as typeof row;
      const state = states.get(id) ?? (table === 'users' ? initialUser : undefined);
      if (state === undefined || !has(state, fields)) {
        flaws.push(`${table}: ${JSON.stringify(row)} is ${JSON.stringify(state)} in the log`);
      }
      states.delete(id);
    }
  }
  return [...flaws, ...[...states.keys()].map((id) => `${id} is in the log alone`)];
}

/** How many audit rows the response must have, or the least and the most. */
function expectedRows({ kind, response }: Outcome): [least: number, most: number] {
  if (response === undefined || response.body?.code === 'outcome_unknown') return [0, Infinity];
  if (response.status >= 400) return [0, 0];
  if (kind === 'removeMember') {
    const rows = 1 + (response.body.revokedKeys.total as number);
    return [rows, rows];
  }
  // A new user is recorded for the operators as well.
  if (kind === 'addMember') return [1, 2];
  const isCreation = response.status === 201;
  return [isCreation ? 1 : 0, 1];
}

/** The responses that the audit log does not agree with: what was refused must not be in it. */
export async function findMisreported(db: Pool, outcomes: readonly Outcome[]): Promise<string[]> {
  const { rows } = await db.query<{ requestId: string; n: number }>(
    `SELECT request_id AS "requestId", count(*)::int AS n FROM audit_events
     WHERE request_id IS NOT NULL GROUP BY 1`,
  );
  const counts = new Map(rows.map(({ requestId, n }) => [requestId, n]));
  return outcomes.flatMap((outcome) => {
    const [least, most] = expectedRows(outcome);
    const n = counts.get(outcome.response?.headers.get('x-request-id') ?? '') ?? 0;
    if (n >= least && n <= most) return [];
    return [`${n} audit rows for ${outcome.kind}: ${outcome.response?.text ?? ''}`];
  });
}
