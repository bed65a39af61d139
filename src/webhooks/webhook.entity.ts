import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrgId, WebhookId } from '../common/ids.js';
import type { EventType } from '../notifications/events.js';

@Entity('webhooks')
export class Webhook {
  @PrimaryColumn('text')
  id!: WebhookId;

  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  @Column('text')
  url!: string;

  /** Null for all, including future ones. */
  @Column('text', { array: true, nullable: true })
  events!: EventType[] | null;

  /** The secret that messages are signed with, encrypted. */
  @Column('bytea', { select: false })
  secret!: Buffer;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
