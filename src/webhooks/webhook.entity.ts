import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrgId, WebhookId } from '../common/ids.js';
import type { EventType } from '../outbox/events.js';

@Entity('webhooks')
export class Webhook {
  @PrimaryColumn('text')
  id!: WebhookId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  @Column('text')
  url!: string;

  /** Null is all, also those to come. */
  @Column('text', { array: true, nullable: true })
  events!: EventType[] | null;

  /** What messages are signed with, sealed. */
  @Column('bytea', { select: false })
  secret!: Buffer;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
