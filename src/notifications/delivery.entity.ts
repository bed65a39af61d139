import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryId, KeyId, OrgId, UserId, WebhookId } from '../common/ids.js';
import type { TellableEvent } from './events.js';

export const deliveryStates = [
  'waiting',
  'sent',
  'logged',
  'failed',
  'superseded',
  'obsolete',
] as const;

/** The channels for notifications. Each has a queue of its own with the same name. */
export const channels = ['email', 'webhook'] as const;

@Entity('deliveries')
export class Delivery {
  @PrimaryColumn('text')
  id!: DeliveryId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  @Column('text')
  channel!: (typeof channels)[number];

  @Column('text', { name: 'recipient_id' })
  recipientId!: UserId | WebhookId;

  /** The key of a reminder; null for other deliveries. */
  @Column('text', { name: 'key_id', nullable: true })
  keyId!: KeyId | null;

  /** Days before the expiry. */
  @Column('integer', { nullable: true })
  threshold!: number | null;

  @Column('date', { name: 'digest_day', nullable: true })
  digestDay!: string | null;

  /** The event for a webhook; null for mail, which is written when it is sent. */
  @Column('jsonb', { nullable: true })
  event!: TellableEvent | null;

  @Column('text')
  state!: (typeof deliveryStates)[number];

  @Column('integer')
  attempts!: number;

  @Column({ type: 'timestamptz', name: 'next_attempt_at' })
  nextAttemptAt!: Date;

  /** Why the last attempt failed. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}
