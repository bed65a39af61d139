import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Authentication, Session, Sessions } from '../auth/access.guard.js';
import { Problem } from '../common/errors.js';
import { isId, type OrgId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { OrgStore } from '../orgs/org.store.js';
import { FactsStore } from '../permissions/facts.store.js';
import { judge } from '../permissions/judge.js';
import { assertFromConsole } from './console-origin.js';
import { sessionToken } from './session-cookie.js';
import { SessionStore } from './session.store.js';
import { hashToken, isToken } from './token.js';

/**
 * Lets the console act for whoever is signed in. It asks the store for each request: people make few,
 * and so nothing has to be remembered that could have changed.
 */
@Injectable()
export class SessionAuthenticator implements Sessions {
  constructor(
    private readonly store: SessionStore,
    private readonly facts: FactsStore,
    private readonly orgs: OrgStore,
    private readonly settings: Settings,
  ) {}

  async find(request: FastifyRequest): Promise<Session> {
    const token = sessionToken(request.headers.cookie);
    if (token === undefined) throw new Problem('unauthenticated');
    assertFromConsole(request, this.settings.publicUrl);
    const session = isToken(token) ? await this.store.use(hashToken(token)) : null;
    if (session === null) throw new Problem('unauthenticated', 'The session has ended.');
    return session;
  }

  async standing(session: Session, orgId: string | undefined): Promise<Authentication | undefined> {
    const own = isId('org', orgId) ? await this.standingIn(session, orgId) : undefined;
    if (own !== undefined) return own;
    const operators = await this.orgs.findOperator();
    return operators === null ? undefined : this.standingIn(session, operators.id);
  }

  private async standingIn({ id }: Session, orgId: OrgId): Promise<Authentication | undefined> {
    const { facts, now, authSeq } = await this.facts.ofSession(id, orgId);
    const verdict = judge(facts, now, undefined);
    return verdict.good ? { principal: verdict.principal, authSeq } : undefined;
  }
}
