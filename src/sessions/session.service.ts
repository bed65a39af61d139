import { Injectable } from '@nestjs/common';
import type { Session } from '../auth/access.guard.js';
import type { Origin } from '../auth/principal.js';
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
    const token = newToken('session');
    await this.transactions.run(async (tx) => {
      // Ahead of the link, as where the user is deactivated.
      await takeLocks(tx, [lockUser(userId, 'share')]);
      if (!(await this.links.remove(tx, linkHash))) throw new Problem('sign_in_link_invalid');
      const id = newId('ses');
      await this.store.insert(tx, id, userId, hashToken(token));
      await this.record(tx, 'session.created', { userId, origin }, [id]);
      return {};
    });
    const session = await this.store.use(hashToken(token));
    if (session === null) throw new Problem('sign_in_link_invalid');
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
      await this.record(tx, 'session.ended', { userId, origin }, ended);
      return {};
    });
  }

  private async record(
    tx: Tx,
    action: 'session.created' | 'session.ended',
    by: { userId: UserId; origin: Origin },
    ids: readonly SessionId[],
  ): Promise<void> {
    const operators = await this.orgs.findOperator(tx);
    if (operators === null) throw new Error('there is no operator organisation');
    const orgId = operators.id;
    const entries = ids.map((targetId) => ({
      orgId,
      action,
      targetId,
      after: { userId: by.userId },
    }));
    await this.audit.append(tx, by, entries);
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
