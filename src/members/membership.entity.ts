import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrgId, UserId } from '../common/ids.js';
import type { Permission, Role } from '../permissions/permission.js';

@Entity('memberships')
export class Membership {
  @PrimaryColumn('text', { name: 'org_id' })
  orgId!: OrgId;

  @PrimaryColumn('text', { name: 'user_id' })
  userId!: UserId;

  @Column('text')
  role!: Role;

  /** Null inherits all grants of the organisation. */
  @Column('text', { array: true, nullable: true })
  grants!: Permission[] | null;

  /** The name that a manager gave when adding an e-mail address; shown instead of the user's own. */
  @Column('text', { name: 'display_name', nullable: true })
  displayName!: string | null;

  /** When the person first opened the organisation in the console; null until then. */
  @Column({ type: 'timestamptz', name: 'opened_at', nullable: true, select: false })
  openedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
