import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { lockUser } from '../changes/row-locks.js';
import type { IdentityId, UserId } from '../common/ids.js';
import { isInstant, readCursor, toPage, type Page } from '../common/page.js';
import type { Committed } from '../database/transactions.js';
import { ListIdentities, type IdentityView, type UnboundView } from '../sessions/identity.dto.js';
import { IdentityStore, type IdentityRow } from '../sessions/identity.store.js';
import { sessionEnded } from '../sessions/session-ended.js';
import { SessionStore } from '../sessions/session.store.js';
import { UserStore } from './user.store.js';

function identityView({ id, issuer, subject, status, createdAt }: IdentityRow): IdentityView {
  return { id, issuer, subject, status, createdAt };
}

/** Accounts at identity providers, by user, for operators. Recorded in the log of the operators. */
@Injectable()
export class UserIdentities {
  constructor(
    private readonly store: IdentityStore,
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly mutations: Mutations,
  ) {}

  async list(userId: UserId, query: ListIdentities): Promise<Page<IdentityView>> {
    await this.users.get(userId);
    const { after } = readCursor(ListIdentities, query, isInstant);
    const rows = await this.store.list(userId, query.limit + 1, after);
    return toPage(rows, query, identityView, ({ createdAt, id }) => ({
      value: createdAt.toISOString(),
      id,
    }));
  }

  /**
   * Permanently takes accounts from a user, and ends the user's sessions: it is not known which of them
   * began with one of those accounts.
   *
   * @param identityId this one alone; all bound ones when left out
   * @throws Problem `not_found`, and as `Mutations.run` does
   */
  unbind(caller: Caller, userId: UserId, identityId?: IdentityId): Promise<Committed<UnboundView>> {
    const locks = [lockUser(userId, 'alter')];
    return this.mutations.run(caller, locks, async ({ tx, me, record }) => {
      await this.users.get(userId, tx);
      const known = identityId && (await this.store.get(tx, userId, identityId));
      const unbound = await this.store.bar(tx, userId, identityId);
      const ended = unbound.length === 0 ? [] : await this.sessions.remove(tx, userId);
      const orgId = me.principal.org.id;
      await record(
        ...unbound.map(({ id, issuer, subject }) => ({
          orgId,
          action: 'user.identity_unbound' as const,
          targetId: userId,
          before: { identityId: id, issuer, subject },
        })),
        ...ended.map((session) => sessionEnded(orgId, session.id, userId)),
      );
      // An account that an earlier call has taken is shown as well.
      const items = known && unbound.length === 0 ? [known] : unbound;
      return { items: items.map(identityView), endedSessions: ended.length };
    });
  }

  /**
   * Lets an account be bound to the user again, at its next sign-in.
   *
   * @throws Problem `not_found`, and as `Mutations.run` does
   */
  allow(caller: Caller, userId: UserId, identityId: IdentityId): Promise<Committed<IdentityView>> {
    const locks = [lockUser(userId, 'alter')];
    return this.mutations.run(caller, locks, async ({ tx, me, record }) => {
      await this.users.get(userId, tx);
      const identity = await this.store.get(tx, userId, identityId);
      if (identity.status === 'bound') return identityView(identity);
      await this.store.allow(tx, userId, identityId);
      const { issuer, subject } = identity;
      await record({
        orgId: me.principal.org.id,
        action: 'user.identity_allowed',
        targetId: userId,
        after: { identityId, issuer, subject },
      });
      return identityView({ ...identity, status: 'allowed' });
    });
  }
}
