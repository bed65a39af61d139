import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../common/errors.js';
import type { UserId } from '../common/ids.js';
import type { Position } from '../common/page.js';
import { rethrowViolation } from '../database/errors.js';
import type { Tx } from '../database/transactions.js';
import { User } from './user.entity.js';

type NewUser = Pick<User, 'id' | 'kind' | 'email' | 'name'>;

/** All SQL on users. */
@Injectable()
export class UserStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws Problem `not_found` */
  async get(userId: UserId, manager: EntityManager = this.dataSource.manager): Promise<User> {
    const user = await manager.findOneBy(User, { id: userId });
    if (user === null) throw new Problem('not_found');
    return user;
  }

  /** Users in the order of their creation, one more than the page holds. */
  list(
    { limit, email }: { limit: number; email?: string },
    after: Position | undefined,
  ): Promise<User[]> {
    const users = this.dataSource
      .createQueryBuilder(User, 'u')
      .orderBy('u.createdAt')
      .addOrderBy('u.id')
      .limit(limit + 1);
    if (email !== undefined) users.andWhere('u.email = :email', { email });
    if (after) users.andWhere('(u.createdAt, u.id) > (:value, :id)', { ...after });
    return users.getMany();
  }

  /** @throws Problem `email_taken` */
  async insert(tx: Tx, user: NewUser): Promise<void> {
    await tx
      .insert(User, user)
      .catch((error: unknown) => rethrowViolation(error, { users_email_key: 'email_taken' }));
  }

  /** The user with this address: an existing one, or this new one. */
  async findOrInsert(tx: Tx, user: NewUser & { email: string }): Promise<User> {
    await tx.createQueryBuilder().insert().into(User).values(user).orIgnore().execute();
    return tx.findOneByOrFail(User, { email: user.email });
  }

  /** @throws Problem `email_taken` */
  async update(
    tx: Tx,
    userId: UserId,
    change: Partial<Pick<User, 'name' | 'email'>>,
  ): Promise<void> {
    await tx
      .update(User, { id: userId }, change)
      .catch((error: unknown) => rethrowViolation(error, { users_email_key: 'email_taken' }));
  }

  async setStatus(tx: Tx, userId: UserId, status: User['status']): Promise<void> {
    await tx.update(User, { id: userId }, { status });
  }
}
