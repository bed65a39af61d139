import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import { newUserId, type UserId } from '../common/ids.js';
import { decodeCursor, isInstant, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { Mutations } from '../permissions/mutations.js';
import { lockUser } from '../permissions/row-locks.js';
import { userView, type CreateUser, type ListUsers, type UserView } from './user.dto.js';
import type { User } from './user.entity.js';
import { UserStore } from './user.store.js';

/** Users are the operators': their changes are told in the log of the operator organisation. */
@Injectable()
export class UserService {
  constructor(
    private readonly store: UserStore,
    private readonly mutations: Mutations,
  ) {}

  create(caller: Caller, input: CreateUser): Promise<Committed<UserView>> {
    return this.mutations.run(caller, [], async ({ tx, me, record }) => {
      const id = newUserId();
      await this.store.insert(tx, { ...input, id, kind: 'person' });
      const orgId = me.principal.org.id;
      await record({ orgId, action: 'user.created', targetId: id, after: input });
      return userView(await this.store.get(id, tx));
    });
  }

  async list(query: ListUsers): Promise<Page<UserView>> {
    const rows = await this.store.list(query, decodeCursor(query.cursor, isInstant));
    return toPage(rows, query.limit, userView, ({ createdAt, id }) => ({
      value: createdAt.toISOString(),
      id,
    }));
  }

  async get(userId: UserId): Promise<UserView> {
    return userView(await this.store.get(userId));
  }

  /** Denies all keys of the user, in every organisation, until they are reactivated. */
  deactivate(caller: Caller, userId: UserId): Promise<Committed<UserView>> {
    return this.setStatus(caller, userId, 'deactivated');
  }

  reactivate(caller: Caller, userId: UserId): Promise<Committed<UserView>> {
    return this.setStatus(caller, userId, 'active');
  }

  private setStatus(
    caller: Caller,
    userId: UserId,
    status: User['status'],
  ): Promise<Committed<UserView>> {
    const action = status === 'active' ? 'user.reactivated' : 'user.deactivated';
    const locks = [lockUser(userId, 'alter')];
    return this.mutations.run(caller, locks, async ({ tx, me, record }) => {
      const user = await this.store.get(userId, tx);
      if (user.status !== status) {
        await this.store.setStatus(tx, userId, status);
        const before = { status: user.status };
        const orgId = me.principal.org.id;
        await record({ orgId, action, targetId: userId, before, after: { status } });
      }
      return userView({ ...user, status });
    });
  }
}
