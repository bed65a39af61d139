import { Injectable } from '@nestjs/common';
import type { Session } from '../auth/access.guard.js';
import type { Origin } from '../auth/principal.js';
import type { AuditAction } from '../audit/actions.js';
import { AuditLog } from '../audit/audit-log.js';
import { Problem } from '../common/errors.js';
import { newId, type SessionId, type UserId } from '../common/ids.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { MemberStore } from '../members/member.store.js';
import { OrgStore } from '../orgs/org.store.js';
import { holdings } from '../permissions/effective-permissions.js';
import type { MemberFacts, OrgFacts } from '../permissions/facts.js';
import { FactsStore } from '../permissions/facts.store.js';
import { lockUser, takeLocks } from '../permissions/row-locks.js';
import { FailureThrottle } from '../throttling/failure-throttle.js';
import type { SessionView, StandingView } from './session.dto.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { hashToken, isToken, newToken } from './token.js';

interface Entry {
  action: AuditAction;
  targetId: string;
  after: Record<string, string>;
}

/** Tells the log of the operators of something that the user has done. */
type Recorder = (
  action: AuditAction,
  targetId: string,
  after: Record<string, string>,
) => Promise<void>;

/** Sessions are the user's: who signs in and out is told in the log of the operators. */
@Injectable()
export class SessionService {
  constructor(
    private readonly store: SessionStore,
    private readonly links: SignInLinkStore,
    private readonly facts: FactsStore,
    private readonly members: MemberStore,
    private readonly orgs: OrgStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly throttle: FailureThrottle,
  ) {}

  /**
   * Begins a session, and uses the link up.
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
      if (!(await this.links.remove(tx, linkHash))) throw new Problem('sign_in_link_invalid');
    });
  }

  /**
   * Begins a session of this user.
   *
   * @param prove throws unless it is theirs to begin; what is told to `record` goes into the audit log
   * @throws Problem `unauthenticated` when the user was deactivated meanwhile
   */
  async begin(
    origin: Origin,
    userId: UserId,
    prove: (tx: Tx, record: Recorder) => Promise<void>,
  ): Promise<{ token: string; session: SessionView }> {
    const token = newToken('session');
    await this.transactions.run(async (tx) => {
      // Ahead of what it is proven with, as where the user is deactivated.
      await takeLocks(tx, [lockUser(userId, 'share')]);
      const by = { userId, origin };
      await prove(tx, (action, targetId, after) =>
        this.record(tx, by, [{ action, targetId, after }]),
      );
      const id = newId('ses');
      await this.store.insert(tx, id, userId, hashToken(token));
      await this.record(tx, by, [{ action: 'session.created', targetId: id, after: { userId } }]);
      return {};
    });
    const session = await this.store.use(hashToken(token));
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

  async end({ id, user }: Session, origin: Origin): Promise<void> {
    await this.remove(user.id, origin, id);
  }

  /** Ends all sessions of the user. */
  async endAll({ user }: Session, origin: Origin): Promise<void> {
    await this.remove(user.id, origin);
  }

  private async remove(userId: UserId, origin: Origin, id?: SessionId): Promise<void> {
    await this.transactions.run(async (tx) => {
      const ended = await this.store.remove(tx, userId, id);
      const after = { userId };
      const entries = ended.map((targetId) => ({
        action: 'session.ended' as const,
        targetId,
        after,
      }));
      await this.record(tx, { userId, origin }, entries);
      return {};
    });
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
      managers: role === 'manager' ? [] : await this.members.managerNames(id),
    };
  }
}
