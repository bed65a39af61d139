import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../common/errors.js';
import {
  newId,
  type DeliveryId,
  type KeyId,
  type OrgId,
  type UserId,
  type WebhookId,
} from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { Tx } from '../database/transactions.js';
import { Delivery } from './delivery.entity.js';
import type { NewEvent, TellableEvent } from './events.js';
import type { Mailed } from './mailer.js';
import { leaseSeconds, maxAttempts, retrySeconds } from './retry.js';

/** A mail to one person: about one key, or the digest of a day. */
export type NewDelivery = { orgId: OrgId; recipientId: UserId } & (
  { keyId: KeyId; expiresAt: Date; threshold: number } | { digestDay: string }
);

/** An event for one webhook. */
export interface NewEventDelivery extends Partial<NonNullable<NewEvent['reminder']>> {
  id: DeliveryId;
  orgId: OrgId;
  recipientId: WebhookId;
  event: TellableEvent;
}

/** The notice of an invitation. */
export const invitation = JSON.stringify({ kind: 'invitation' });

/** A mail about something else: organisations without a manager, an invitation. */
interface NewNotice {
  orgId: OrgId;
  recipientId: UserId;
  /** The subject as ids: names are looked up when it is sent. */
  notice: object;
}

/** A webhook, and the events that it receives. */
interface Subscription {
  id: WebhookId;
  orgId: OrgId;
  /** Null for all. */
  events: string[] | null;
}

/** A delivery whose attempt has begun. */
export interface Attempt {
  id: DeliveryId;
  /** The kind of a mail; messages to webhooks are made from their event. */
  kind: 'reminder' | 'digest' | 'notice' | 'invitation';
  /** The number of attempts, including this one. */
  attempts: number;
}

/** The reason until an attempt has ended; it stays if the process died. */
const noEnd = 'the attempt did not end';

/**
 * The job may be lost, because it was queued long ago; a time in the future, after a clock was set
 * back, counts as well.
 */
const isUnqueued = `(queued_at IS NULL OR queued_at NOT BETWEEN now() - interval '1 minute' AND now())`;

/**
 * How many webhook deliveries of one organisation may run at a time: fewer than a process sends, so
 * that slow receivers delay only their own organisation.
 */
export const maxUnderWay = 20;

const claim = `
  WITH busy AS (
    SELECT org_id, count(*) AS count FROM deliveries
    WHERE state = 'waiting' AND channel = 'webhook'
      -- No lease is longer.
      AND next_attempt_at <= now() + make_interval(secs => $4)
      AND CASE WHEN next_attempt_at > now() THEN reason = $3 ELSE NOT ${isUnqueued} END
    GROUP BY org_id
  ), due AS (
    SELECT id, channel, next_attempt_at, coalesce(busy.count, 0) + row_number()
      OVER (PARTITION BY org_id, channel ORDER BY next_attempt_at) AS nth
    FROM deliveries LEFT JOIN busy USING (org_id)
    WHERE state = 'waiting' AND next_attempt_at <= now() AND ${isUnqueued}
  )
  UPDATE deliveries SET queued_at = now() WHERE id IN (
    SELECT id FROM deliveries
    WHERE id IN (
      SELECT id FROM due WHERE channel = 'email' OR nth <= $2 ORDER BY next_attempt_at LIMIT $1
    ) AND ${isUnqueued}
    FOR UPDATE SKIP LOCKED
  ) RETURNING id, channel`;

const failedAttempt = `
  UPDATE deliveries SET
    reason = $3,
    state = CASE WHEN $4::float8 IS NULL THEN 'failed' ELSE 'waiting' END,
    finished_at = CASE WHEN $4::float8 IS NULL THEN now() END,
    next_attempt_at = now() + make_interval(secs => coalesce($4::float8, 0))
  WHERE id = $1 AND attempts = $2 AND state = 'waiting'`;

/**
 * All SQL on deliveries. The result of an attempt is no change that somebody asked for: it is stored in
 * a statement of its own, and does not advance the history.
 */
@Injectable()
export class DeliveryStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws Problem `not_found` */
  async get(id: DeliveryId, manager: EntityManager = this.dataSource.manager): Promise<Delivery> {
    const delivery = await manager.findOneBy(Delivery, { id });
    if (delivery === null) throw new Problem('not_found');
    return delivery;
  }

  /**
   * Deliveries of the installation, or those to one recipient; the newest first, one more than the page
   * holds.
   */
  list(
    { limit, state }: { limit: number; state?: Delivery['state'] },
    after: Position | undefined,
    recipientId?: Delivery['recipientId'],
  ): Promise<Delivery[]> {
    const deliveries = this.dataSource
      .createQueryBuilder(Delivery, 'd')
      .orderBy('d.id', 'DESC')
      .limit(limit + 1);
    if (state !== undefined) deliveries.andWhere('d.state = :state', { state });
    if (recipientId !== undefined) {
      deliveries.andWhere('d.recipientId = :recipientId', { recipientId });
    }
    if (after) deliveries.andWhere('d.id < :id', { id: after.id });
    return deliveries.getMany();
  }

  /** @returns null where there is no such delivery */
  async orgOf(id: DeliveryId): Promise<OrgId | null> {
    const [row] = await this.dataSource.query<{ orgId: OrgId }[]>(
      'SELECT org_id AS "orgId" FROM deliveries WHERE id = $1',
      [id],
    );
    return row?.orgId ?? null;
  }

  /** How many have failed, and for how many seconds the oldest due one has been waiting. */
  async backlog(): Promise<{ failed: number; oldestDue: number }> {
    const [row] = await this.dataSource.query<[{ failed: number; oldestDue: number }]>(
      `SELECT (SELECT count(*)::int FROM deliveries WHERE state = 'failed') AS failed,
         greatest(0, extract(epoch FROM now() - (
           SELECT min(next_attempt_at) FROM deliveries WHERE state = 'waiting'
         )))::float8 AS "oldestDue"`,
    );
    return row;
  }

  /** Starts a failed delivery again from the first attempt, at once. */
  async retry(tx: Tx, id: DeliveryId): Promise<void> {
    await tx.query(
      `UPDATE deliveries SET state = 'waiting', attempts = 0, next_attempt_at = now(),
         queued_at = NULL, finished_at = NULL
       WHERE id = $1 AND state = 'failed'`,
      [id],
    );
  }

  /** Adds mails; existing ones stay as they are. */
  async insert(tx: Tx, deliveries: readonly NewDelivery[]): Promise<void> {
    const rows = deliveries.map((delivery) => ({ id: newId('dlv'), ...delivery }));
    await tx.query(
      `INSERT INTO deliveries (id, org_id, channel, recipient_id, key_id, expires_at, threshold,
         digest_since, digest_day)
       SELECT id, "orgId", 'email', "recipientId", "keyId", "expiresAt", threshold,
         "digestDay", "digestDay"
       FROM jsonb_to_recordset($1) AS row (id text, "orgId" text, "recipientId" text, "keyId" text,
         "expiresAt" timestamptz, threshold integer, "digestDay" date)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }

  async insertNotices(tx: Tx, notices: readonly NewNotice[]): Promise<void> {
    if (notices.length === 0) return;
    const rows = notices.map((notice) => ({ id: newId('dlv'), ...notice }));
    await tx.query(
      `INSERT INTO deliveries (id, org_id, channel, recipient_id, notice)
       SELECT id, "orgId", 'email', "recipientId", notice
       FROM jsonb_to_recordset($1) AS row (id text, "orgId" text, "recipientId" text, notice jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  /** The webhooks of these organisations. */
  webhooksOf(tx: Tx, orgIds: readonly OrgId[]): Promise<Subscription[]> {
    return tx.query<Subscription[]>(
      'SELECT id, org_id AS "orgId", events FROM webhooks WHERE org_id = ANY($1)',
      [orgIds],
    );
  }

  /** Adds events; existing ones stay as they are. */
  async insertEvents(tx: Tx, deliveries: readonly NewEventDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    await tx.query(
      `INSERT INTO deliveries (id, org_id, channel, recipient_id, key_id, expires_at, threshold, event)
       SELECT id, "orgId", 'webhook', "recipientId", "keyId", "expiresAt", threshold, event
       FROM jsonb_to_recordset($1) AS row (id text, "orgId" text, "recipientId" text, "keyId" text,
         "expiresAt" timestamptz, threshold integer, event jsonb)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(deliveries)],
    );
  }

  /** Ends waiting deliveries about these keys: there is newer news of them. */
  async supersede(tx: Tx, keyIds: readonly KeyId[]): Promise<void> {
    await tx.query(
      `UPDATE deliveries SET state = 'superseded', finished_at = now()
       WHERE state = 'waiting' AND key_id = ANY($1)`,
      [keyIds],
    );
  }

  /** Makes the digests of this day cover the waiting digests of earlier days, too. */
  async takeOverDigests(tx: Tx, day: string): Promise<void> {
    await tx.query(
      `WITH earlier AS (
         UPDATE deliveries e SET state = 'superseded', finished_at = now()
         FROM deliveries d
         WHERE d.digest_day = $1 AND (d.org_id, d.recipient_id, d.channel) =
             (e.org_id, e.recipient_id, e.channel)
           AND e.digest_day < $1 AND e.state = 'waiting'
         RETURNING d.id, e.digest_since
       )
       UPDATE deliveries d SET digest_since = since
       FROM (SELECT id, min(digest_since) AS since FROM earlier GROUP BY id) AS first
       WHERE d.id = first.id`,
      [day],
    );
  }

  /**
   * Takes deliveries whose attempt is due, those that have waited longest first. No other process takes
   * them for a minute.
   */
  async claimDue(limit: number): Promise<Pick<Delivery, 'id' | 'channel'>[]> {
    const [rows] = await this.dataSource.query<[Pick<Delivery, 'id' | 'channel'>[], number]>(
      claim,
      [limit, maxUnderWay, noEnd, leaseSeconds],
    );
    return rows;
  }

  /**
   * Begins an attempt. No other one begins until it has ended, or its lease is over.
   *
   * @returns null when none is due
   */
  async begin(id: DeliveryId): Promise<Attempt | null> {
    const [[attempt]] = await this.dataSource.query<[Attempt[], number]>(
      `UPDATE deliveries SET attempts = attempts + 1, reason = $3,
         next_attempt_at = now() + make_interval(secs => $2)
       WHERE id = $1 AND state = 'waiting' AND next_attempt_at <= now()
       RETURNING id, attempts, CASE WHEN digest_day IS NOT NULL THEN 'digest'
         WHEN notice @> $4 THEN 'invitation' WHEN notice IS NOT NULL THEN 'notice'
         ELSE 'reminder' END AS kind`,
      [id, leaseSeconds, noEnd, invitation],
    );
    return attempt ?? null;
  }

  /** Ends it permanently: it was sent or logged, whatever happened meanwhile; or there was nothing left to send. */
  async finish(id: DeliveryId, state: Mailed | 'obsolete'): Promise<void> {
    await this.dataSource.query(
      'UPDATE deliveries SET state = $2, reason = NULL, finished_at = now() WHERE id = $1',
      [id, state],
    );
  }

  /**
   * Ends an attempt that failed. After the last one the delivery has failed.
   *
   * @param retryAfterSeconds the minimum time before the next one
   */
  async fail(
    { id, attempts }: Attempt,
    reason: string,
    { isFinal, retryAfterSeconds }: { isFinal: boolean; retryAfterSeconds: number },
  ): Promise<void> {
    const isLast = isFinal || attempts >= maxAttempts;
    const seconds = isLast ? null : Math.max(retrySeconds(attempts), retryAfterSeconds);
    await this.dataSource.query(failedAttempt, [id, attempts, reason, seconds]);
  }
}
