import { createHash } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { Column, DataSource, Entity, ManyToOne, PrimaryGeneratedColumn, Repository } from 'typeorm';

@Entity('naive_organisations')
class Organisation {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  status!: string;
}

@Entity('naive_owners')
class Owner {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  status!: string;
}

@Entity('naive_keys')
class Key {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text', { unique: true })
  hash!: string;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @ManyToOne(() => Organisation, { nullable: false })
  organisation!: Organisation;

  @ManyToOne(() => Owner, { nullable: false })
  owner!: Owner;
}

const others = 10_000;
const hash = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The way that is written down in an afternoon: `find` with relations, and an UPDATE for each use. */
@Injectable()
export class NaiveKeys {
  private constructor(private readonly keys: Repository<Key>) {}

  /** @param secrets of keys that it is to know, among many others */
  static async open(url: string, secrets: readonly string[]): Promise<NaiveKeys> {
    const entities = [Organisation, Owner, Key];
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      entities,
      synchronize: true,
      dropSchema: true,
      installExtensions: false,
    });
    await dataSource.initialize();
    const organisation = await dataSource.getRepository(Organisation).save({ status: 'active' });
    const owner = await dataSource.getRepository(Owner).save({ status: 'active' });
    const expiresAt = new Date(Date.now() + 90 * 24 * 3_600_000);
    const keys = dataSource.getRepository(Key);
    const all = [...secrets, ...Array.from({ length: others }, (_, index) => `other ${index}`)];
    for (let start = 0; start < all.length; start += 1_000) {
      const part = all.slice(start, start + 1_000);
      await keys.insert(
        part.map((secret) => ({ hash: hash(secret), expiresAt, organisation, owner })),
      );
    }
    await dataSource.query('VACUUM ANALYZE naive_keys');
    return new NaiveKeys(keys);
  }

  /** @throws UnauthorizedException */
  async find(secret: string): Promise<Key> {
    const key = await this.keys.findOne({
      where: { hash: hash(secret) },
      relations: { organisation: true, owner: true },
    });
    const isValid =
      key !== null &&
      key.expiresAt > new Date() &&
      key.owner.status === 'active' &&
      key.organisation.status === 'active';
    if (!isValid) throw new UnauthorizedException();
    return key;
  }

  async noteUse({ id }: Key): Promise<void> {
    await this.keys.update(id, { lastUsedAt: new Date() });
  }
}
