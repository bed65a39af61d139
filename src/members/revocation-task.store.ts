import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RecordedActor } from '../audit/audit-log.js';
import { lockMembership, takeLocks } from '../changes/row-locks.js';
import type { KeyId, OrgId, UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import { mostEvents } from './member-rules.js';

/** Whose keys are to be revoked. */
export interface NamedTask {
  /** Whether the person was removed. */
  isRemoval: boolean;
  orgId: OrgId;
  userId: UserId;
}

/** Keys of somebody that are to be revoked, with the membership or without. */
export interface RevocationTask extends NamedTask {
  /** When all of the keys ended; null when each works until its row is revoked. */
  endedAt: Date | null;
  /** When the newest of the keys was created; null for all keys. */
  createdUntil: Date | null;
  /** Who asked for it; null when SQL did. */
  by: RecordedActor | null;
  reason: string | null;
  /** Whether there is an event for each key. */
  hasEvents: boolean;
}

/** Which process asks for work, and which work it may take. */
export interface Claim {
  /** The process, which continues what it has begun. */
  worker: string;
  /** How long other processes must not have worked on it. */
  idleSeconds: number;
  /** The minimum age of the task. */
  minAgeSeconds: number;
  /** Tasks that are not to be retried now. */
  except: readonly NamedTask[];
}

/** One number for all nodes of an installation: batches take turns. */
export const batchLock = 0x6b_68;

/** A time in the future is from a clock that was set back. */
const within = (time: string, seconds: string) =>
  `${time} BETWEEN clock_timestamp() - make_interval(secs => ${seconds}) AND clock_timestamp()`;

const tasks = `(
  SELECT true AS is_removal, org_id, user_id, ended_at AS since, worked_at, worker
  FROM ended_memberships
  UNION ALL
  SELECT false, org_id, user_id, asked_at, worked_at, worker FROM key_revocations
)`;

/** $1 worker, $2 seconds that others were idle, $3 seconds of age, $4 exceptions. */
const isDue = `
  NOT (t.org_id || '/' || t.user_id = ANY($4)) AND NOT (${within('t.since', '$3')})
  AND NOT EXISTS (
    SELECT FROM ${tasks} other WHERE other.worker <> $1 AND ${within('other.worked_at', '$2')}
  )`;

/** Notes who works on a task, and reads what there is to do. */
const begun = {
  removal: `UPDATE ended_memberships SET worked_at = clock_timestamp(), worker = $1
    WHERE org_id = $2 AND user_id = $3
    RETURNING ended_at AS "endedAt", NULL AS "createdUntil", reason, keys <= ${mostEvents} AS "hasEvents",
      ended_by_org_id AS "byOrgId", ended_by_user_id AS "byUserId", ended_by_key_id AS "byKeyId",
      ip, user_agent AS "userAgent", request_id AS "requestId"`,
  revocation: `UPDATE key_revocations SET worked_at = clock_timestamp(), worker = $1
    WHERE org_id = $2 AND user_id = $3
    RETURNING NULL AS "endedAt", created_until AS "createdUntil", reason, true AS "hasEvents",
      asked_by_org_id AS "byOrgId", asked_by_user_id AS "byUserId", asked_by_key_id AS "byKeyId",
      ip, user_agent AS "userAgent", request_id AS "requestId"`,
};

interface Row extends Omit<RevocationTask, 'by' | keyof NamedTask> {
  byOrgId: OrgId | null;
  byUserId: UserId | null;
  byKeyId: KeyId | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

function byOf({ byOrgId, byUserId, byKeyId, ip, userAgent, requestId }: Row): RecordedActor | null {
  if (requestId === null) return null;
  const recorded = { orgId: byOrgId, userId: byUserId, keyId: byKeyId };
  return {
    recorded,
    origin: { ip: ip ?? undefined, userAgent: userAgent ?? undefined, requestId },
  };
}

const parametersOf = ({ worker, idleSeconds, minAgeSeconds, except }: Claim) => [
  worker,
  idleSeconds,
  minAgeSeconds,
  except.map(({ orgId, userId }) => `${orgId}/${userId}`),
];

/** All SQL on keys that are left to revoke, as far as the sweep needs it. */
@Injectable()
export class RevocationTaskStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether there is work. */
  async isAnyDue(claim: Claim): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT FROM ${tasks} t WHERE ${isDue} LIMIT 1`,
      parametersOf(claim),
    );
    return rows.length > 0;
  }

  /**
   * The task that was left alone for longest. Until the transaction ends, no other process gets any.
   *
   * @returns undefined when there is none, or another process works on it
   */
  async choose(tx: Tx, claim: Claim): Promise<NamedTask | undefined> {
    const [lock] = await tx.query<[{ isMine: boolean }]>(
      'SELECT pg_try_advisory_xact_lock($1) AS "isMine"',
      [batchLock],
    );
    if (!lock.isMine) return undefined;
    const [next] = await tx.query<NamedTask[]>(
      `SELECT is_removal AS "isRemoval", org_id AS "orgId", user_id AS "userId"
       FROM ${tasks} t WHERE ${isDue}
       ORDER BY worked_at NULLS FIRST, since, org_id, user_id, is_removal LIMIT 1`,
      parametersOf(claim),
    );
    return next;
  }

  /** @returns undefined when somebody has ended the task meanwhile */
  async begin(tx: Tx, next: NamedTask, { worker }: Claim): Promise<RevocationTask | undefined> {
    const { isRemoval, orgId, userId } = next;
    // Before the task and the keys, as those do who ask for it, or remove the member.
    if (!isRemoval) await takeLocks(tx, [lockMembership(orgId, userId, 'share')]);
    const [[row]] = await tx.query<[Row[], number]>(begun[isRemoval ? 'removal' : 'revocation'], [
      worker,
      orgId,
      userId,
    ]);
    if (row === undefined) return undefined;
    const { endedAt, createdUntil, reason, hasEvents } = row;
    return { isRemoval, orgId, userId, endedAt, createdUntil, reason, hasEvents, by: byOf(row) };
  }

  /** Ends a task whose keys are all revoked. */
  async remove(tx: Tx, { isRemoval, orgId, userId }: NamedTask): Promise<void> {
    const table = isRemoval ? 'ended_memberships' : 'key_revocations';
    await tx.query(`DELETE FROM ${table} WHERE org_id = $1 AND user_id = $2`, [orgId, userId]);
  }
}
