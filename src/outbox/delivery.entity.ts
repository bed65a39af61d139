import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryId, KeyId, OrgId, UserId } from '../common/ids.js';

export const deliveryStates = ['waiting', 'sent', 'failed', 'superseded', 'obsolete'] as const;

@Entity('deliveries')
export class Delivery {
  @PrimaryColumn('text')
  id!: DeliveryId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  @Column('text')
  channel!: 'email';

  @Column('text', { name: 'recipient_id' })
  recipientId!: UserId;

  /** The key that it is about; null for the digest of a day. */
  @Column('text', { name: 'key_id', nullable: true })
  keyId!: KeyId | null;

  /** Days before the expiry. */
  @Column('integer', { nullable: true })
  threshold!: number | null;

  @Column('date', { name: 'digest_day', nullable: true })
  digestDay!: string | null;

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
