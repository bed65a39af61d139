import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrgId } from '../common/ids.js';
import type { Permission } from '../permissions/permission.js';

@Entity('organisations')
export class Organisation {
  @PrimaryColumn('text')
  id!: OrgId;

  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  /** There is one operator organisation, created at the first start. */
  @Column('text')
  kind!: 'operator' | 'customer';

  @Column('text')
  status!: 'active' | 'suspended';

  @Column('text', { array: true })
  grants!: Permission[];

  @Column('integer', { name: 'default_expiry_days' })
  defaultExpiryDays!: number;

  @Column('integer', { name: 'max_lifetime_days' })
  maxLifetimeDays!: number;

  @Column('boolean', { name: 'allow_no_expiry' })
  allowNoExpiry!: boolean;

  @Column('text', { name: 'member_keys' })
  memberKeys!: 'own' | 'none';

  @Column('integer', { name: 'max_keys_per_member' })
  maxKeysPerMember!: number;

  @Column('integer', { name: 'max_keys_per_org' })
  maxKeysPerOrg!: number;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
