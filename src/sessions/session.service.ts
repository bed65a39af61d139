import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../audit/actions.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Session } from '../auth/access.guard.js';
import type { Origin } from '../auth/caller.js';
import { FailureThrottle } from '../auth/throttling/failure-throttle.js';
import { FactsStore } from '../changes/facts.store.js';
import { lockUser, takeLocks } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import { newId, type SessionId, type UserId } from '../common/ids.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { OrgStore } from '../orgs/org.store.js';
import { holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import { sessionEnded } from './session-ended.js';
import type { OwnSessionsView, SessionView, StandingView } from './session.dto.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { hashToken, isToken, newToken } from './token.js';

interface Entry {
  action: AuditAction;
  targetId: string;
  after: Record<string, string>;
}

/** Records an action of the user in the log of the operators. */
type Recorder = (
  action: AuditAction,
  targetId: string,
  after: Record<string, string>,
) => Promise<void>;

/** Sessions belong to users: signing in and out is recorded in the log of the operators. */
@Injectable()
export class SessionService {
  constructor(
    private readonly store: SessionStore,
    private readonly links: SignInLinkStore,
    private readonly facts: FactsStore,
    private readonly orgs: OrgStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly throttle: FailureThrottle,
  ) {}

  /**
   * Begins a session. It uses up the link, and all others of its user.
   *
   * @returns the session, and its token
   * @throws Problem `sign_in_link_invalid`, `too_many_failures`
   */
  async signIn(
    origin: Origin,
    linkToken: string,
  ): Promise<{ token: string; session: SessionView }> {
    this.throttle.admit(origin.ip);
    const linkHash = hashToken(linkToken);
    const userId = isToken(linkToken) ? await this.links.ownerOf(linkHash) : undefined;
    if (userId === undefined) {
      this.throttle.count(origin.ip);
      throw new Problem('sign_in_link_invalid');
    }
    return this.begin(origin, userId, async (tx) => {
      if (!(await this.links.useUp(tx, userId, linkHash))) {
        throw new Problem('sign_in_link_invalid');
      }
    });
  }

  /**
   * Begins a session of this user.
   *
   * @param prove throws unless the user may begin it; what it passes to `record` goes into the audit
   *   log
   * @throws Problem `unauthenticated` when the user was deactivated meanwhile
   */
  async begin(
    origin: Origin,
    userId: UserId,
    prove: (tx: Tx, record: Recorder) => Promise<void>,
  ): Promise<{ token: string; session: SessionView }> {
    const token = newToken('session');
    await this.transactions.run(async (tx) => {
      // Before the proof is checked, in the order of a deactivation.
      await takeLocks(tx, [lockUser(userId, 'share')]);
      const by = { userId, origin };
      await prove(tx, (action, targetId, after) =>
        this.record(tx, by, [{ action, targetId, after }]),
      );
      const id = newId('ses');
      await this.store.insert(tx, { id, userId, tokenHash: hashToken(token), origin });
      await this.record(tx, by, [{ action: 'session.created', targetId: id, after: { userId } }]);
      return {};
    });
    const session = await this.store.touch(hashToken(token), 'ordinary');
    if (session === null) throw new Problem('unauthenticated');
    return { token, session: await this.view(session) };
  }

  async view({ user, createdAt, expiresAt }: Session): Promise<SessionView> {
    const organisations: StandingView[] = [];
    for (const { org, member } of await this.facts.ofUser(user.id)) {
      if (member !== null) organisations.push(await this.standing(org, member));
    }
    return { user, createdAt, expiresAt, organisations };
  }

  /** The sessions of the user. */
  async list({ id, user }: Session): Promise<OwnSessionsView> {
    const { items, total } = await this.store.list(user.id);
    return { items: items.map((each) => ({ ...each, current: each.id === id })), total };
  }

  async end({ id, user }: Session, origin: Origin): Promise<void> {
    await this.remove(user.id, origin, id);
  }

  /**
   * Ends one session of the user.
   *
   * @throws Problem `not_found` when they have none with this id
   */
  async endOne({ user }: Session, id: SessionId, origin: Origin): Promise<void> {
    await this.remove(user.id, origin, id, (ended) => {
      if (ended === 0) throw new Problem('not_found');
    });
  }

  /** Ends all sessions of the user. */
  async endAll({ user }: Session, origin: Origin): Promise<void> {
    await this.remove(user.id, origin);
  }

  private async remove(
    userId: UserId,
    origin: Origin,
    id?: SessionId,
    check: (ended: number) => void = () => undefined,
  ): Promise<void> {
    const work = async (tx: Tx) => {
      const ended = await this.store.remove(tx, userId, id);
      check(ended.length);
      const { id: orgId } = await this.orgs.getOperator(tx);
      const entries = ended.map((session) => sessionEnded(orgId, session.id, userId));
      await this.audit.append(tx, { userId, origin }, entries);
      return {};
    };
    await this.transactions.run(work, { lane: 'denying' });
  }

  private async record(
    tx: Tx,
    by: { userId: UserId; origin: Origin },
    entries: readonly Entry[],
  ): Promise<void> {
    const { id: orgId } = await this.orgs.getOperator(tx);
    await this.audit.append(
      tx,
      by,
      entries.map((entry) => ({ orgId, ...entry })),
    );
  }

  private async standing(org: OrgFacts, member: MemberFacts): Promise<StandingView> {
    const { id, name, kind, status } = org;
    const { role } = member;
    return {
      id,
      name,
      kind,
      status,
      role,
      permissions: status === 'active' ? [...holdings(org, member)].sort() : [],
      managers: role === 'manager' ? [] : await this.facts.managerNames(id),
    };
  }
}
