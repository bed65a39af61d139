import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { DeliveryId, OrgId, WebhookId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import type { Tx } from '../database/transactions.js';
import { isUnrevoked } from '../keys/key-state.js';
import type { TellableEvent } from '../notifications/events.js';
import { Webhook } from './webhook.entity.js';

/** A message that is to be sent. */
export interface Message {
  webhookId: WebhookId;
  url: string;
  /** The secrets that sign it, encrypted, the newest first. */
  secrets: Buffer[];
  event: TellableEvent;
  /** When it happened. */
  at: Date;
}

/** All SQL on webhooks. */
@Injectable()
export class WebhookStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Webhooks in the order in which they were created, one more than the page holds. */
  list(orgId: OrgId, limit: number, after: Position | undefined): Promise<Webhook[]> {
    const webhooks = this.dataSource
      .createQueryBuilder(Webhook, 'w')
      .where('w.orgId = :orgId', { orgId })
      .orderBy('w.id')
      .limit(limit + 1);
    if (after) webhooks.andWhere('w.id > :id', { id: after.id });
    return webhooks.getMany();
  }

  /** @throws Problem `not_found` */
  async get(
    orgId: OrgId,
    id: WebhookId,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Webhook> {
    const webhook = await manager.findOneBy(Webhook, { id, orgId });
    if (webhook === null) throw new Problem('not_found');
    return webhook;
  }

  count(tx: Tx, orgId: OrgId): Promise<number> {
    return tx.countBy(Webhook, { orgId });
  }

  async insert(tx: Tx, webhook: Omit<Webhook, 'createdAt'>): Promise<void> {
    await tx.insert(Webhook, webhook);
  }

  async update(tx: Tx, id: WebhookId, change: Pick<Webhook, 'url' | 'events'>): Promise<void> {
    await tx.update(Webhook, { id }, change);
  }

  /** Sets a secret. The previous one is also used for signatures for a day. */
  async rotate(tx: Tx, id: WebhookId, secret: Buffer): Promise<void> {
    await tx.query(
      `UPDATE webhooks SET secret = $2, previous_secret = secret,
         previous_until = now() + interval '24 hours'
       WHERE id = $1`,
      [id, secret],
    );
  }

  /**
   * Records a test event. It uses the time at which the row is locked: of two at the same time, the
   * second began before the first ended.
   *
   * @returns false when the last one was less than a second ago
   */
  async notePing(tx: Tx, id: WebhookId): Promise<boolean> {
    const [rows] = await tx.query<[unknown[], number]>(
      `UPDATE webhooks SET pinged_at = clock_timestamp()
       WHERE id = $1 AND (pinged_at IS NULL OR pinged_at NOT BETWEEN
         clock_timestamp() - interval '1 second' AND clock_timestamp())
       RETURNING id`,
      [id],
    );
    return rows.length > 0;
  }

  async remove(tx: Tx, id: WebhookId): Promise<void> {
    await tx.delete(Webhook, { id });
  }

  /** The current content of a delivery; null when the webhook is gone, or the reminder is no longer true. */
  async messageOf(id: DeliveryId): Promise<Message | null> {
    const [message] = await this.dataSource.query<Message[]>(
      `SELECT w.id AS "webhookId", w.url, d.event, d.created_at AS at,
         CASE WHEN w.previous_until > now() THEN ARRAY[w.secret, w.previous_secret]
           ELSE ARRAY[w.secret] END AS secrets
       FROM deliveries d JOIN webhooks w ON w.id = d.recipient_id
       LEFT JOIN api_keys k ON k.id = d.key_id
       WHERE d.id = $1
         AND (d.key_id IS NULL OR ${isUnrevoked('k')} AND k.expires_at = d.expires_at)`,
      [id],
    );
    return message ?? null;
  }
}
