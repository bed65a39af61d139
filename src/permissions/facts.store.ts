import { Injectable } from '@nestjs/common';
import type { CredentialId } from '../auth/principal.js';
import { isId, type KeyId, type OrgId, type SessionId, type UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import type { AccessFacts, KeyFacts, MemberFacts, OrgFacts } from './facts.js';
import { DataSource } from 'typeorm';

const orgColumns = `
  o.id AS org_id, o.name AS org_name, o.kind AS org_kind, o.status AS org_status,
  o.grants AS org_grants, o.member_keys, o.default_expiry_days, o.max_lifetime_days,
  o.allow_no_expiry`;

const memberColumns = `
  u.id AS owner_id, coalesce(m.display_name, u.name) AS owner_name, u.status AS owner_status,
  m.role, m.grants`;

/**
 * The facts of keys, or of what is like them, as SQL.
 *
 * @param keys what is selected from, with the columns of `api_keys` under the alias `k`
 */
export const factsOf = (keys: string) => `
  SELECT k.id AS key_id, k.name AS key_name, k.scope, k.permissions, k.allowed_ips,
    k.expires_at, k.revoked_at, ${memberColumns}, ${orgColumns}
  FROM ${keys}
    JOIN organisations o ON o.id = k.org_id
    JOIN users u ON u.id = k.owner_id
    LEFT JOIN memberships m ON m.org_id = k.org_id AND m.user_id = k.owner_id`;

/** When a session ends, as SQL: an hour after it was last used, and twelve hours after it began. */
export const sessionEnd = (usedAt: string) =>
  `least(s.created_at + interval '12 hours', ${usedAt} + interval '1 hour')`;

/** The session $1 in the organisation $2, as a key. */
const session = `(
  SELECT id, 'console' AS name, 'admin' AS scope, NULL::text[] AS permissions,
    NULL::text[] AS allowed_ips, ${sessionEnd('seen_at')} AS expires_at, NULL::timestamptz AS revoked_at,
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
  allowed_ips: string[] | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

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

/** @returns undefined when no key was found */
export function readFacts<Id extends CredentialId = KeyId>(
  row: FactsRow<Id>,
): AccessFacts<Id> | undefined {
  if (row.key_id === null) return undefined;
  const key = {
    id: row.key_id,
    ownerId: row.owner_id,
    name: row.key_name,
    scope: shared(row.scope),
    permissions: row.permissions,
    allowedIps: row.allowed_ips,
    expiresAt: row.expires_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
  };
  return { key, owner: memberFacts(row), org: orgFacts(row) };
}

/** Reads the rows that verdicts and rules are made of. */
@Injectable()
export class FactsStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param orgId where a session acts: a key belongs to one organisation anyway
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
      : session;
    const rows = await tx.query<Row[]>(
      `SELECT now() AS now, found.* FROM (VALUES (1)) one LEFT JOIN (${factsOf(keys)}) found ON true`,
      [id, orgId],
    );
    const [row] = rows as [Row];
    return { facts: readFacts(row), now: row.now };
  }

  /** What a session is in an organisation at this moment, and the number of that state. */
  async ofSession(
    id: SessionId,
    orgId: OrgId,
  ): Promise<{ facts: AccessFacts<SessionId> | undefined; now: Date; authSeq: number }> {
    type Row = FactsRow<SessionId> & { now: Date; n: string };
    const rows = await this.dataSource.query<Row[]>(
      `SELECT now() AS now, h.n, found.* FROM auth_head h LEFT JOIN (${factsOf(session)}) found ON true`,
      [id, orgId],
    );
    const [row] = rows as [Row];
    return { facts: readFacts(row), now: row.now, authSeq: Number(row.n) };
  }

  /** Where a user is a member, and as what, the oldest organisation first. */
  async ofUser(userId: UserId): Promise<{ org: OrgFacts; member: MemberFacts | null }[]> {
    const rows = await this.dataSource.query<(OrgRow & MemberRow)[]>(
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

  async orgExists(orgId: string): Promise<boolean> {
    if (!isId('org', orgId)) return false;
    const rows = await this.dataSource.query<unknown[]>('SELECT FROM organisations WHERE id = $1', [
      orgId,
    ]);
    return rows.length > 0;
  }
}
