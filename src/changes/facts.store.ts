import { Injectable } from '@nestjs/common';
import { isId, type KeyId, type OrgId, type SessionId, type UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { historyHead } from '../database/history-head.js';
import { Lanes, type Lane } from '../database/lanes.js';
import { serverState, ServerCheck, type ServerState } from '../database/server-checks.js';
import type { Tx } from '../database/transactions.js';
import type { AccessFacts, KeyFacts, MemberFacts, OrgFacts } from '../permissions/facts.js';
import type { Management } from '../permissions/last-manager.js';
import type { CredentialId } from '../permissions/principal.js';

const orgColumns = `
  o.id AS org_id, o.name AS org_name, o.kind AS org_kind, o.status AS org_status,
  o.grants AS org_grants, o.member_keys, o.default_expiry_days, o.max_lifetime_days,
  o.allow_no_expiry`;

const memberColumns = `
  u.id AS owner_id, coalesce(m.display_name, u.name) AS owner_name, u.status AS owner_status,
  m.role, m.grants`;

/**
 * The facts of keys, or of rows like them, as SQL. Times leave as numbers: their text form depends on a
 * setting of the session, and the driver reads a form that it does not know as null, which means never.
 *
 * @param keys what is selected from, with the columns of `api_keys` under the alias `k`
 */
export const factsOf = (keys: string) => `
  SELECT k.id AS key_id, k.name AS key_name, k.scope, k.permissions, k.management, k.allowed_ips,
    (extract(epoch FROM k.expires_at) * 1000)::float8 AS expires_at_ms,
    k.revoked_at IS NOT NULL AS is_revoked, ${memberColumns}, ${orgColumns}
  FROM ${keys}
    JOIN organisations o ON o.id = k.org_id
    JOIN users u ON u.id = k.owner_id
    LEFT JOIN memberships m ON m.org_id = k.org_id AND m.user_id = k.owner_id`;

/**
 * When a session ends, as SQL: an hour after its last use, and at the end of its maximum duration.
 *
 * @param maxMinutes from the settings, counted from the beginning of the session
 */
export const sessionEnd = (maxMinutes: number, usedAt: string) =>
  `least(s.created_at + interval '${maxMinutes} minutes', ${usedAt} + interval '1 hour')`;

/** The session $1 in the organisation $2, as a key. */
const sessionAsKey = (maxMinutes: number) => `(
  SELECT id, 'console' AS name, 'admin' AS scope, NULL::text[] AS permissions,
    true AS management, NULL::text[] AS allowed_ips, ${sessionEnd(maxMinutes, 'seen_at')} AS expires_at, NULL::timestamptz AS revoked_at,
    $2::text AS org_id, user_id AS owner_id
  FROM sessions s WHERE id = $1
) k`;

interface OrgRow {
  org_id: OrgId;
  org_name: string;
  org_kind: OrgFacts['kind'];
  org_status: OrgFacts['status'];
  org_grants: OrgFacts['grants'];
  member_keys: OrgFacts['memberKeys'];
  default_expiry_days: number;
  max_lifetime_days: number;
  allow_no_expiry: boolean;
}

interface MemberRow {
  owner_id: UserId;
  owner_name: string;
  owner_status: MemberFacts['status'];
  role: MemberFacts['role'] | null;
  grants: MemberFacts['grants'];
}

/** A row of `factsOf`. All columns are null where an outer join found no key. */
export interface FactsRow<Id extends CredentialId = KeyId> extends OrgRow, MemberRow {
  key_id: Id | null;
  key_name: string;
  scope: KeyFacts['scope'];
  permissions: KeyFacts['permissions'];
  management: boolean;
  allowed_ips: string[] | null;
  expires_at_ms: number | null;
  is_revoked: boolean;
}

/** An organisation that a user manages, and its other managers. */
interface ManagedOrg extends Management {
  org: Pick<OrgFacts, 'id' | 'name' | 'kind'>;
}

/** Whether the user is a person with an e-mail address, as SQL. */
const isPerson = (user: string) => `(${user}.kind = 'person' AND ${user}.email IS NOT NULL)`;

const words = new Map<string, string>();

/** The same string for the same word of a closed list: the driver makes a new one for each row. */
function shared<T extends string>(word: T): T {
  const known = words.get(word);
  if (known === undefined) words.set(word, word);
  return (known ?? word) as T;
}

function orgFacts(row: OrgRow): OrgFacts {
  return {
    id: row.org_id,
    name: row.org_name,
    kind: row.org_kind,
    status: row.org_status,
    grants: row.org_grants,
    memberKeys: row.member_keys,
    defaultExpiryDays: row.default_expiry_days,
    maxLifetimeDays: row.max_lifetime_days,
    allowNoExpiry: row.allow_no_expiry,
  };
}

function memberFacts(row: MemberRow): MemberFacts | null {
  if (row.role === null) return null;
  const { owner_id: id, owner_name: name, owner_status: status, role, grants } = row;
  return { id, name, status: shared(status), role: shared(role), grants };
}

/** The last instant of a Date, in milliseconds since 1970 (ECMA-262, section 21.4.1.1). */
const lastInstant = 8.64e15;

/** Whether a column of type text[] is a plain list: SQL by hand can store NULLs and more dimensions. */
function isList(column: unknown): boolean {
  return (
    column === null || (Array.isArray(column) && column.every((each) => typeof each === 'string'))
  );
}

function isReadable({
  permissions,
  allowed_ips: ips,
  grants,
  org_grants: all,
  ...row
}: FactsRow<CredentialId>) {
  const hasTime = row.expires_at_ms === null || Math.abs(row.expires_at_ms) <= lastInstant;
  return hasTime && [permissions, ips, grants, all].every(isList);
}

/**
 * @returns undefined when there is no such key, or the row cannot be read: such a row denies what is
 *   asked with it, and nothing else
 */
export function readFacts<Id extends CredentialId = KeyId>(
  row: FactsRow<Id>,
): AccessFacts<Id> | undefined {
  if (row.key_id === null || !isReadable(row)) return undefined;
  const key = {
    id: row.key_id,
    ownerId: row.owner_id,
    name: row.key_name,
    scope: shared(row.scope),
    permissions: row.permissions,
    management: row.management,
    allowedIps: row.allowed_ips,
    expiresAt: row.expires_at_ms,
    isRevoked: row.is_revoked,
  };
  return { key, owner: memberFacts(row), org: orgFacts(row) };
}

/** Reads the rows that decisions are made from. */
@Injectable()
export class FactsStore {
  private readonly session: string;

  constructor(
    private readonly lanes: Lanes,
    private readonly server: ServerCheck,
    settings: Settings,
  ) {
    this.session = sessionAsKey(settings.sessionMaxMinutes);
  }

  /**
   * @param orgId where a session acts; a key belongs to one organisation anyway
   * @returns the facts, and the time at which the transaction began
   */
  async ofCredential(
    tx: Tx,
    id: CredentialId,
    orgId: OrgId,
  ): Promise<{ facts: AccessFacts<CredentialId> | undefined; now: Date }> {
    type Row = FactsRow<CredentialId> & { now: Date };
    const keys = isId('key', id)
      ? '(SELECT * FROM api_keys WHERE id = $1 AND org_id = $2) k'
      : this.session;
    const rows = await tx.query<Row[]>(
      `SELECT now() AS now, found.* FROM (VALUES (1)) one LEFT JOIN (${factsOf(keys)}) found ON true`,
      [id, orgId],
    );
    const [row] = rows as [Row];
    return { facts: readFacts(row), now: row.now };
  }

  /**
   * The standing of a session in an organisation at this moment, and the number of that state.
   *
   * @throws UnreliableServer when the server must not be relied on
   */
  async ofSession(
    id: SessionId,
    orgId: OrgId,
    lane: Lane,
  ): Promise<{ facts: AccessFacts<SessionId> | undefined; now: Date; authSeq: number }> {
    type Row = FactsRow<SessionId> & ServerState & { now: Date; n: string };
    const rows = await this.lanes.of(lane).query<Row[]>(
      `SELECT now() AS now, h.n, ${serverState}, found.*
       FROM ${historyHead} h LEFT JOIN (${factsOf(this.session)}) found ON true`,
      [id, orgId],
    );
    const [row] = rows as [Row];
    this.server.admit(row);
    return { facts: readFacts(row), now: row.now, authSeq: Number(row.n) };
  }

  /** The memberships of a user, the oldest organisation first. */
  async ofUser(userId: UserId): Promise<{ org: OrgFacts; member: MemberFacts | null }[]> {
    const rows = await this.lanes.of('ordinary').query<(OrgRow & MemberRow)[]>(
      `SELECT ${memberColumns}, ${orgColumns}
       FROM memberships m JOIN users u ON u.id = m.user_id JOIN organisations o ON o.id = m.org_id
       WHERE m.user_id = $1 ORDER BY o.id`,
      [userId],
    );
    return rows.map((row) => ({ org: orgFacts(row), member: memberFacts(row) }));
  }

  /** @returns null when there is no such organisation */
  async ofOrg(tx: Tx, orgId: OrgId): Promise<OrgFacts | null> {
    const rows = await tx.query<OrgRow[]>(
      `SELECT ${orgColumns} FROM organisations o WHERE o.id = $1`,
      [orgId],
    );
    return rows[0] === undefined ? null : orgFacts(rows[0]);
  }

  /** @returns null when the user is not a member of the organisation */
  async ofMember(tx: Tx, orgId: OrgId, userId: UserId): Promise<MemberFacts | null> {
    const rows = await tx.query<MemberRow[]>(
      `SELECT ${memberColumns} FROM memberships m JOIN users u ON u.id = m.user_id
       WHERE m.org_id = $1 AND m.user_id = $2`,
      [orgId, userId],
    );
    return rows[0] === undefined ? null : memberFacts(rows[0]);
  }

  /** The organisations that a user belongs to. */
  async orgIdsOf(userId: UserId, lane: Lane): Promise<OrgId[]> {
    const rows = await this.lanes
      .of(lane)
      .query<{ id: OrgId }[]>('SELECT org_id AS id FROM memberships WHERE user_id = $1', [userId]);
    return rows.map(({ id }) => id);
  }

  /** What a user manages, or this organisation alone, with its other managers. */
  async managementsOf(tx: Tx, userId: UserId, orgId: OrgId | null = null): Promise<ManagedOrg[]> {
    return tx.query<ManagedOrg[]>(
      `SELECT jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind) AS org,
         u.status = 'active' AS "isActive", ${isPerson('u')} AS "isPerson", other.*
       FROM memberships m JOIN users u ON u.id = m.user_id JOIN organisations o ON o.id = m.org_id
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS others,
           (count(*) FILTER (WHERE ${isPerson('v')}))::int AS "otherPersons"
         FROM memberships n JOIN users v ON v.id = n.user_id AND v.status = 'active'
         WHERE n.org_id = m.org_id AND n.role = 'manager' AND n.user_id <> m.user_id
       ) AS other
       WHERE m.user_id = $1 AND m.role = 'manager' AND ($2::text IS NULL OR m.org_id = $2)
       ORDER BY o.id`,
      [userId, orgId],
    );
  }

  /** Names of at most five active managers with an e-mail address: the people to ask. */
  async managerNames(orgId: OrgId): Promise<string[]> {
    const managers = await this.lanes.of('ordinary').query<{ name: string }[]>(
      `SELECT coalesce(m.display_name, u.name) AS name
       FROM memberships m JOIN users u ON u.id = m.user_id
       WHERE m.org_id = $1 AND m.role = 'manager' AND u.status = 'active' AND ${isPerson('u')}
       ORDER BY m.created_at LIMIT 5`,
      [orgId],
    );
    return managers.map(({ name }) => name);
  }
}
