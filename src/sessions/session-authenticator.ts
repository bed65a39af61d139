import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Authentication, Session, Sessions } from '../auth/access.guard.js';
import { CallBounds } from '../auth/throttling/call-bounds.js';
import { FailureThrottle } from '../auth/throttling/failure-throttle.js';
import { FactsStore } from '../changes/facts.store.js';
import { Problem } from '../common/errors.js';
import { isId, type OrgId, type UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Lanes, type Lane } from '../database/lanes.js';
import { OrgStore } from '../orgs/org.store.js';
import { judge } from '../permissions/judge.js';
import { Log } from '../telemetry/log.js';
import { assertFromConsole } from './console-origin.js';
import { sessionToken } from './session-cookie.js';
import { SessionStore } from './session.store.js';
import { hashToken, isToken } from './token.js';

/** Tokens that are remembered for a minute. */
const lately = { max: 10_000, ttl: 60_000 };

/**
 * Lets the console act for the person who is signed in. It asks the store for each request: people make
 * few, and nothing that could have changed has to be remembered. What is remembered decides only who
 * waits, and what counts as a failure.
 */
@Injectable()
export class SessionAuthenticator implements Sessions {
  /** Hashes of tokens whose session existed. */
  private readonly good = new LRUCache<string, true>(lately);
  /** Hashes of tokens without a session, which were counted. */
  private readonly bad = new LRUCache<string, true>(lately);

  /** Members whose opening of their organisation is recorded. */
  private readonly opened = new LRUCache<string, true>(lately);

  constructor(
    private readonly store: SessionStore,
    private readonly facts: FactsStore,
    private readonly orgs: OrgStore,
    private readonly lanes: Lanes,
    private readonly bounds: CallBounds,
    private readonly throttle: FailureThrottle,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  async find(request: FastifyRequest, lane: Lane): Promise<Session> {
    const token = sessionToken(request.headers.cookie);
    if (token === undefined) throw new Problem('unauthenticated');
    assertFromConsole(request, this.settings.publicUrl);
    const hash = hashToken(token);
    const id = hash.toString('base64');
    this.throttle.admit(request.ip, () => this.good.has(id));
    const session = isToken(token) ? await this.lookUp(request.ip, hash, id, lane) : null;
    if (session !== null) {
      this.good.set(id, true);
      return session;
    }
    this.good.delete(id);
    request.hasSessionEnded = true;
    // A page that sends several requests after its session has ended is not guessing.
    if (!this.bad.has(id)) this.throttle.count(request.ip);
    this.bad.set(id, true);
    throw new Problem('unauthenticated', 'The session has ended.');
  }

  async standing(
    session: Session,
    orgId: string | undefined,
    lane: Lane,
  ): Promise<Authentication | undefined> {
    const own = isId('org', orgId) ? await this.standingIn(session, orgId, lane) : undefined;
    if (own !== undefined) return own;
    const operators = await this.orgs.findOperator(this.lanes.of(lane).manager);
    return operators === null ? undefined : this.standingIn(session, operators.id, lane);
  }

  /** A signed-in person waits for nobody who made up a token. */
  private lookUp(ip: string, hash: Buffer, id: string, lane: Lane): Promise<Session | null> {
    if (this.good.has(id)) return this.store.touch(hash, lane);
    return this.bounds.lookUp(ip, () => this.store.touch(hash, 'ordinary'));
  }

  private async standingIn(
    { id }: Session,
    orgId: OrgId,
    lane: Lane,
  ): Promise<Authentication | undefined> {
    const { facts, now, authSeq } = await this.facts.ofSession(id, orgId, lane);
    const decision = judge(facts, now, undefined);
    if (!decision.good) return undefined;
    await this.noteOpening(decision.principal.owner.id, orgId, lane);
    return { principal: decision.principal, authSeq };
  }

  /** It decides nothing: a request goes on without it, when the database takes no changes. */
  private async noteOpening(userId: UserId, orgId: OrgId, lane: Lane): Promise<void> {
    const id = `${userId} ${orgId}`;
    if (this.opened.has(id)) return;
    try {
      if (await this.store.open(userId, orgId, lane)) this.opened.set(id, true);
    } catch (err) {
      this.log.logger.warn({ err }, 'could not record that somebody has opened an organisation');
    }
  }
}
