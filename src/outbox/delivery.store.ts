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

/** A webhook, as far as it says what it is told. */
interface Subscription {
  id: WebhookId;
  orgId: OrgId;
  /** Null is all. */
  events: string[] | null;
}

/** A delivery that an attempt has begun for. */
export interface Attempt {
  id: DeliveryId;
  isDigest: boolean;
  /** How many there were, this one included. */
  attempts: number;
}

/** Stands until an attempt has ended: for ever where its process is gone. */
const noEnd = 'the attempt did not end';

/** Handed to the queue so long ago that the job may be lost; a clock that was set back counts as long. */
const isUnqueued = `(queued_at IS NULL OR queued_at NOT BETWEEN now() - interval '1 minute' AND now())`;

/**
 * Webhooks of one organisation that may be under way at a time: fewer than a process sends, so that slow
 * receivers hold up their own organisation alone.
 */
const maxUnderWay = 20;

const claim = `
  WITH busy AS (
    SELECT org_id, count(*) AS count FROM deliveries
    WHERE state = 'waiting' AND channel = 'webhook' AND NOT ${isUnqueued}
      AND (next_attempt_at <= now() OR reason = $3)
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
 * All SQL on deliveries. How an attempt ended is no change that somebody asked for: it stands in a
 * statement of its own, and moves no history.
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
   * Deliveries of the installation, or those to one recipient; the newest first, one more than the
   * page holds.
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

  /** How many have failed, and for how many seconds the oldest that is due waits already. */
  async backlog(): Promise<{ failed: number; oldestDue: number }> {
    const [row] = await this.dataSource.query<[{ failed: number; oldestDue: number }]>(
      `SELECT (SELECT count(*)::int FROM deliveries WHERE state = 'failed') AS failed,
         greatest(0, extract(epoch FROM now() - (
           SELECT min(next_attempt_at) FROM deliveries WHERE state = 'waiting'
         )))::float8 AS "oldestDue"`,
    );
    return row;
  }

  /** Lets one that has failed be tried again from the start, at once. */
  async retry(tx: Tx, id: DeliveryId): Promise<void> {
    await tx.query(
      `UPDATE deliveries SET state = 'waiting', attempts = 0, next_attempt_at = now(),
         queued_at = NULL, finished_at = NULL
       WHERE id = $1 AND state = 'failed'`,
      [id],
    );
  }

  /** Adds mails; those that are there already stay as they are. */
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

  /** The webhooks of these organisations. */
  webhooksOf(tx: Tx, orgIds: readonly OrgId[]): Promise<Subscription[]> {
    return tx.query<Subscription[]>(
      'SELECT id, org_id AS "orgId", events FROM webhooks WHERE org_id = ANY($1)',
      [orgIds],
    );
  }

  /** Adds events; those that are there already stay as they are. */
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

  /** Gives up what still waits to be told of these keys: there is something newer to tell. */
  async supersede(tx: Tx, keyIds: readonly KeyId[]): Promise<void> {
    await tx.query(
      `UPDATE deliveries SET state = 'superseded', finished_at = now()
       WHERE state = 'waiting' AND key_id = ANY($1)`,
      [keyIds],
    );
  }

  /** Lets the digests of this day tell also what earlier ones, which still wait, would have told. */
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
   * Takes deliveries that an attempt is due for, those that wait longest first. Nobody else takes them
   * for a minute.
   */
  async claimDue(limit: number): Promise<Pick<Delivery, 'id' | 'channel'>[]> {
    const [rows] = await this.dataSource.query<[Pick<Delivery, 'id' | 'channel'>[], number]>(
      claim,
      [limit, maxUnderWay, noEnd],
    );
    return rows;
  }

  /**
   * Begins an attempt. Nobody else begins one until it is over, or too old.
   *
   * @returns null when none is due
   */
  async begin(id: DeliveryId): Promise<Attempt | null> {
    const [[attempt]] = await this.dataSource.query<[Attempt[], number]>(
      `UPDATE deliveries SET attempts = attempts + 1, reason = $3,
         next_attempt_at = now() + make_interval(secs => $2)
       WHERE id = $1 AND state = 'waiting' AND next_attempt_at <= now()
       RETURNING id, attempts, digest_day IS NOT NULL AS "isDigest"`,
      [id, leaseSeconds, noEnd],
    );
    return attempt ?? null;
  }

  /** Ends it for good: it was sent, whatever came in between; or there was nothing left to tell. */
  async finish(id: DeliveryId, state: 'sent' | 'obsolete'): Promise<void> {
    await this.dataSource.query(
      'UPDATE deliveries SET state = $2, reason = NULL, finished_at = now() WHERE id = $1',
      [id, state],
    );
  }

  /** Ends an attempt that failed. After the last one the delivery has failed. */
  async fail({ id, attempts }: Attempt, reason: string, isFinal: boolean): Promise<void> {
    const isLast = isFinal || attempts >= maxAttempts;
    const seconds = isLast ? null : retrySeconds(attempts);
    await this.dataSource.query(failedAttempt, [id, attempts, reason, seconds]);
  }
}
