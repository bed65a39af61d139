import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuditEventId, KeyId, OrgId, UserId } from '../common/ids.js';
import type { AuditAction } from './actions.js';

/** What changed, as fields and their values; never a secret. */
export type AuditedState = object;

@Entity('audit_events')
export class AuditEvent {
  @PrimaryColumn('text')
  id!: AuditEventId;

  /** The organisation whose managers see the event. */
  @Column('text', { name: 'org_id' })
  orgId!: OrgId;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  at!: Date;

  /**
   * The actor. All three are null when the service itself acted. A key without a user: somebody who
   * only presented its secret. A user without a key: somebody in the console.
   */
  @Column('text', { name: 'actor_org_id', nullable: true })
  actorOrgId!: OrgId | null;

  @Column('text', { name: 'actor_user_id', nullable: true })
  actorUserId!: UserId | null;

  @Column('text', { name: 'actor_key_id', nullable: true })
  actorKeyId!: KeyId | null;

  @Column('text')
  action!: AuditAction;

  @Column('text', { name: 'target_id' })
  targetId!: string;

  @Column('jsonb', { nullable: true })
  before!: AuditedState | null;

  @Column('jsonb', { nullable: true })
  after!: AuditedState | null;

  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId!: string | null;
}
