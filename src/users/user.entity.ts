import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserId } from '../common/ids.js';

@Entity('users')
export class User {
  @PrimaryColumn('text')
  id!: UserId;

  /** A service account has no e-mail address and belongs to one organisation. */
  @Column('text')
  kind!: 'person' | 'service';

  /** In lower case. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  status!: 'active' | 'deactivated';

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
