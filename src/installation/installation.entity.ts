import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DataPermission, ScopeTexts } from './appearance.dto.js';

/** Settings of the whole installation: one row. */
@Entity('installation')
export class Installation {
  @PrimaryColumn('boolean')
  single!: true;

  /** Whether every node judges `management` of keys; nodes of the release before do not. */
  @Column('boolean', { name: 'knows_data_only_keys' })
  knowsDataOnlyKeys!: boolean;

  /** Of a service key; null for what the policy of the operator organisation says. */
  @Column('integer', { name: 'service_key_max_lifetime_days', nullable: true })
  serviceKeyMaxLifetimeDays!: number | null;

  @Column('boolean', { name: 'service_keys_may_not_expire' })
  serviceKeysMayNotExpire!: boolean;

  /** Null for Keyfence. */
  @Column('text', { name: 'product_name', nullable: true })
  productName!: string | null;

  /** An image as a data URL (RFC 2397); null for that of Keyfence. */
  @Column('text', { nullable: true })
  logo!: string | null;

  /** Null for the usual ones. */
  @Column('jsonb', { name: 'scope_texts', nullable: true })
  scopeTexts!: ScopeTexts | null;

  @Column('jsonb', { name: 'data_permissions' })
  dataPermissions!: DataPermission[];
}
