import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RecordedActor } from '../audit/audit-log.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';

/** A removed member whose keys are not all revoked yet. */
export interface EndedMembership {
  orgId: OrgId;
  userId: UserId;
  endedAt: Date;
  /** Who removed them; null when SQL did. */
  by: RecordedActor | null;
  reason: string;
  /** How many keys there were; 100,000 means that many or more. */
  keys: number;
}

/** Which process asks for work, and which work it may take. */
export interface Claim {
  /** The process, which continues what it has begun. */
  worker: string;
  /** How long other processes must not have worked on it. */
  idleSeconds: number;
  /** The minimum age of the removal. */
  minAgeSeconds: number;
  /** Removals that are not to be retried now. */
  except: readonly Pick<EndedMembership, 'orgId' | 'userId'>[];
}

/** One number for all nodes of an installation: batches take turns. */
export const batchLock = 0x6b_68;

/** A time in the future is from a clock that was set back. */
const within = (time: string, seconds: string) =>
  `${time} BETWEEN clock_timestamp() - make_interval(secs => ${seconds}) AND clock_timestamp()`;

/** $1 worker, $2 seconds that others were idle, $3 seconds of age, $4 exceptions. */
const isDue = `
  NOT (e.org_id || '/' || e.user_id = ANY($4)) AND NOT (${within('e.ended_at', '$3')})
  AND NOT EXISTS (
    SELECT FROM ended_memberships other WHERE other.worker <> $1 AND ${within('other.worked_at', '$2')}
  )`;

interface Row extends Omit<EndedMembership, 'by'> {
  byOrgId: OrgId | null;
  byUserId: UserId | null;
  byKeyId: KeyId | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

function endedMembership({ orgId, userId, endedAt, reason, keys, ...row }: Row): EndedMembership {
  const { byOrgId, byUserId, byKeyId, ip, userAgent, requestId } = row;
  const by = requestId !== null && {
    recorded: { orgId: byOrgId, userId: byUserId, keyId: byKeyId },
    origin: { ip: ip ?? undefined, userAgent: userAgent ?? undefined, requestId },
  };
  return { orgId, userId, endedAt, reason, keys, by: by || null };
}

const parametersOf = ({ worker, idleSeconds, minAgeSeconds, except }: Claim) => [
  worker,
  idleSeconds,
  minAgeSeconds,
  except.map(({ orgId, userId }) => `${orgId}/${userId}`),
];

/** All SQL on members who were removed. */
@Injectable()
export class EndedMembershipStore {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: Tx, ended: Omit<EndedMembership, 'endedAt'>): Promise<void> {
    const { orgId, userId, by, reason, keys } = ended;
    await tx.query(
      `INSERT INTO ended_memberships (org_id, user_id, ended_by_org_id, ended_by_user_id,
         ended_by_key_id, ip, user_agent, request_id, reason, keys)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        orgId,
        userId,
        by?.recorded.orgId,
        by?.recorded.userId,
        by?.recorded.keyId,
        by?.origin.ip,
        by?.origin.userAgent,
        by?.origin.requestId,
        reason,
        keys,
      ],
    );
  }

  /** Whether there is work. */
  async isAnyDue(claim: Claim): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT FROM ended_memberships e WHERE ${isDue} LIMIT 1`,
      parametersOf(claim),
    );
    return rows.length > 0;
  }

  /**
   * Takes the removal that was left alone for longest. Until the transaction ends, no other process
   * takes any.
   *
   * @returns null when there is none, or another process works on it
   */
  async take(tx: Tx, claim: Claim): Promise<EndedMembership | null> {
    const [lock] = await tx.query<[{ isMine: boolean }]>(
      'SELECT pg_try_advisory_xact_lock($1) AS "isMine"',
      [batchLock],
    );
    if (!lock.isMine) return null;
    const [[row]] = await tx.query<[Row[], number]>(
      `UPDATE ended_memberships ended SET worked_at = clock_timestamp(), worker = $1
       FROM (
         SELECT org_id, user_id FROM ended_memberships e WHERE ${isDue}
         ORDER BY worked_at NULLS FIRST, ended_at, org_id, user_id LIMIT 1
       ) AS next
       WHERE ended.org_id = next.org_id AND ended.user_id = next.user_id
       RETURNING ended.org_id AS "orgId", ended.user_id AS "userId", ended_at AS "endedAt", reason, keys,
         ended_by_org_id AS "byOrgId", ended_by_user_id AS "byUserId", ended_by_key_id AS "byKeyId",
         ip, user_agent AS "userAgent", request_id AS "requestId"`,
      parametersOf(claim),
    );
    return row === undefined ? null : endedMembership(row);
  }

  /** Ends a removal whose keys are all revoked. */
  async remove(tx: Tx, { orgId, userId }: EndedMembership): Promise<void> {
    await tx.query('DELETE FROM ended_memberships WHERE org_id = $1 AND user_id = $2', [
      orgId,
      userId,
    ]);
  }
}
