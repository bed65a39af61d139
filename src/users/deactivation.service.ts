import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { FactsStore } from '../changes/facts.store.js';
import { Mutations, type Change } from '../changes/mutations.js';
import { lockOrg, lockUser } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import type { OrgId, UserId } from '../common/ids.js';
import type { Committed, Tx } from '../database/transactions.js';
import { DeliveryStore } from '../notifications/delivery.store.js';
import { isLastManager } from '../permissions/last-manager.js';
import { sessionEnded } from '../sessions/session-ended.js';
import { SessionStore } from '../sessions/session.store.js';
import { ManagerNoticeStore, type NamedOrg } from './manager-notice.store.js';
import { userView, type DeactivatedView } from './user.dto.js';
import { UserStore } from './user.store.js';

const maxAttempts = 3;

/** Somebody was added to an organisation after the organisations to lock were read. */
class MembershipAdded extends Error {}

/** Denies all keys of a user, in every organisation. */
@Injectable()
export class DeactivationService {
  constructor(
    private readonly store: UserStore,
    private readonly sessions: SessionStore,
    private readonly facts: FactsStore,
    private readonly notices: ManagerNoticeStore,
    private readonly deliveries: DeliveryStore,
    private readonly mutations: Mutations,
  ) {}

  /**
   * Deactivates a user until they are reactivated. Customers' organisations may be left without a
   * manager: the response, the audit log and a mail to the operators name them. All organisations of
   * the user are locked first, as they are for removing or demoting a manager.
   *
   * @throws Problem `self_deactivation`; `last_manager` for the last operator; `busy` when the user is
   *   added to more organisations all the time
   */
  async deactivate(caller: Caller, userId: UserId): Promise<Committed<DeactivatedView>> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const orgIds = await this.facts.orgIdsOf(userId, caller.lane);
      const locks = [...orgIds.map((id) => lockOrg(id, 'alter')), lockUser(userId, 'alter')];
      try {
        return await this.mutations.run(caller, locks, (change) =>
          this.apply(change, userId, orgIds),
        );
      } catch (error) {
        if (!(error instanceof MembershipAdded)) throw error;
      }
    }
    throw new Problem('busy');
  }

  private async apply(
    { tx, me, record }: Change,
    userId: UserId,
    locked: readonly OrgId[],
  ): Promise<DeactivatedView> {
    const user = await this.store.get(userId, tx);
    if (me.userId === userId) throw new Problem('self_deactivation');
    const managed = await this.facts.managementsOf(tx, userId);
    if (managed.some(({ org }) => !locked.includes(org.id))) throw new MembershipAdded();
    // For a user who is deactivated already, the same response as to the first call.
    const left = managed.filter((each) => isLastManager({ ...each, isActive: true }));
    if (user.status === 'active' && left.some(({ org }) => org.kind === 'operator')) {
      throw new Problem('last_manager', 'At least one operator must stay active.');
    }
    const orgsWithoutManager = left
      .filter(({ org }) => org.kind === 'customer')
      .map(({ org: { id, name } }) => ({ id, name }));
    const status = 'deactivated';
    if (user.status !== status) {
      // A trigger does so as well, for SQL by hand; here the sessions are known, so that they can be
      // recorded.
      const ended = await this.sessions.remove(tx, userId);
      await this.store.setStatus(tx, userId, status);
      const before = { status: user.status };
      const after = { status, ...(orgsWithoutManager.length > 0 && { orgsWithoutManager }) };
      const orgId = me.principal.org.id;
      await record({ orgId, action: 'user.deactivated', targetId: userId, before, after });
      const live = ended.filter(({ wasLive }) => wasLive);
      await record(...live.map((session) => sessionEnded(orgId, session.id, userId)));
      if (orgsWithoutManager.length > 0) await this.notify(tx, userId, orgsWithoutManager);
    }
    return { ...userView({ ...user, status }), orgsWithoutManager };
  }

  private async notify(tx: Tx, userId: UserId, orgs: readonly NamedOrg[]): Promise<void> {
    const notice = { userId, orgIds: orgs.map(({ id }) => id) };
    const readers = await this.notices.readers(tx);
    await this.deliveries.insertNotices(
      tx,
      readers.map((reader) => ({ ...reader, notice })),
    );
  }
}
