import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { lockUser } from '../changes/row-locks.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import { granted, Problem } from '../common/errors.js';
import { newUserId, type UserId } from '../common/ids.js';
import { isInstant, readCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { OrgStore } from '../orgs/org.store.js';
import { decideImpersonation } from '../permissions/giving.js';
import { sessionEnded } from '../sessions/session-ended.js';
import { SessionStore } from '../sessions/session.store.js';
import {
  ListUsers,
  userView,
  type ChangeUser,
  type CreateUser,
  type UserView,
} from './user.dto.js';
import type { User } from './user.entity.js';
import { UserStore } from './user.store.js';

/** Users belong to the operators: changes are recorded in the log of the operator organisation. */
@Injectable()
export class UserService {
  constructor(
    private readonly store: UserStore,
    private readonly orgs: OrgStore,
    private readonly sessions: SessionStore,
    private readonly mutations: Mutations,
  ) {}

  create(caller: RepeatableCaller, input: CreateUser): Promise<Committed<UserView>> {
    return this.mutations.run(caller, [], async ({ tx, me, record }) => {
      const id = newUserId();
      await this.store.insert(tx, { ...input, id, kind: 'person' });
      const orgId = me.principal.org.id;
      await record({ orgId, action: 'user.created', targetId: id, after: input });
      return userView(await this.store.get(id, tx));
    });
  }

  async list(asked: ListUsers): Promise<Page<UserView>> {
    const { query, after } = readCursor(ListUsers, asked, isInstant);
    const rows = await this.store.list(query, after);
    return toPage(rows, query, userView, ({ createdAt, id }) => ({
      value: createdAt.toISOString(),
      id,
    }));
  }

  async get(userId: UserId): Promise<UserView> {
    return userView(await this.store.get(userId));
  }

  /**
   * Changes the name or the e-mail address of a user. With another address all sessions and sign-in links
   * end, those that were mailed to the old one among them. Triggers end them as well, for SQL by hand;
   * here the sessions are known, so that they can be recorded.
   *
   * Who chooses the address of a person can sign in as that person.
   *
   * @throws Problem `email_taken`, `exceeds_issuer`; `invalid_request` for an address of a service account
   */
  change(caller: Caller, userId: UserId, input: ChangeUser): Promise<Committed<UserView>> {
    const locks = [lockUser(userId, 'alter')];
    return this.mutations.run(caller, locks, async ({ tx, me, record }) => {
      const user = await this.store.get(userId, tx);
      if (input.email !== undefined && user.kind === 'service') {
        throw new Problem('invalid_request', 'email: a service account has none.');
      }
      const fields = Object.keys(input) as (keyof ChangeUser)[];
      const changed = fields.filter((field) => input[field] !== user[field]);
      if (changed.length === 0) return userView(user);
      const pick = (from: ChangeUser | User) =>
        Object.fromEntries(changed.map((field) => [field, from[field]]));
      const [before, after] = [pick(user), pick(input)];
      const orgId = me.principal.org.id;
      const isMoved = changed.includes('email');
      if (isMoved) {
        const operators = await this.orgs.getOperator(tx);
        granted(decideImpersonation(me, me.principal.key.allowedIps, operators));
      }
      const ended = isMoved ? await this.sessions.remove(tx, userId) : [];
      await this.store.update(tx, userId, after);
      await record({ orgId, action: 'user.changed', targetId: userId, before, after });
      const live = ended.filter(({ wasLive }) => wasLive);
      await record(...live.map((session) => sessionEnded(orgId, session.id, userId)));
      return userView({ ...user, ...after });
    });
  }

  reactivate(caller: Caller, userId: UserId): Promise<Committed<UserView>> {
    const locks = [lockUser(userId, 'alter')];
    return this.mutations.run(caller, locks, async ({ tx, me, record }) => {
      const user = await this.store.get(userId, tx);
      const status = 'active';
      if (user.status !== status) {
        await this.store.setStatus(tx, userId, status);
        const [before, after] = [{ status: user.status }, { status }];
        const orgId = me.principal.org.id;
        await record({ orgId, action: 'user.reactivated', targetId: userId, before, after });
      }
      return userView({ ...user, status });
    });
  }
}
