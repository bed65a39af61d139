import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import type { SessionId, UserId } from '../common/ids.js';
import type { Lane } from '../database/lanes.js';
import { authorise, insufficientPermission, isForeign } from '../permissions/authorise.js';
import type { Principal } from '../permissions/principal.js';
import { ACCESS, type Access } from './access.decorator.js';
import { findKey, writeKey, type ShownKey } from './credentials.js';
import { DENIES, laneOf, type Denies } from './denies.decorator.js';
import { OrgLookup } from './org-lookup.js';
import { originOf } from './origin.js';
import type { Credential } from './strategies.js';
import { CallBounds } from './throttling/call-bounds.js';
import { FailureThrottle } from './throttling/failure-throttle.js';

/** Injection token of the service that knows which keys are valid. */
export const KEYS = Symbol('keys');

export interface Keys {
  /** @throws Problem `unauthenticated`, `ip_not_allowed` */
  authenticate(secret: string, request: FastifyRequest): Promise<Authentication>;
  /**
   * Whether a secret was valid a short while ago, and could be used from this address then. This
   * decides nothing about the key, and does not ask the store.
   */
  wasGood(secret: string, ip: string | undefined): boolean;
}

/** Injection token of the sessions of the console. */
export const SESSIONS = Symbol('sessions');

/** Somebody who is signed in to the console. */
export interface Session {
  id: SessionId;
  user: { id: UserId; name: string; email: string };
  createdAt: Date;
  /** When it ends without a further request. */
  expiresAt: Date;
}

export interface Sessions {
  /**
   * The session of a request that comes from the console itself.
   *
   * @throws Problem `unauthenticated`, `cross_site`, `too_many_failures`, `too_many_requests`
   */
  find(request: FastifyRequest, lane: Lane): Promise<Session>;
  /**
   * The standing of the session's user in this organisation, or among the operators if none is given.
   *
   * @returns undefined when they have none there
   */
  standing(
    session: Session,
    orgId: string | undefined,
    lane: Lane,
  ): Promise<Authentication | undefined>;
}

/** The sender of a request. */
export interface Authentication {
  principal: Principal;
  authSeq: number;
}

/** What the decorators of a route demand. */
interface Demands {
  readonly access: Exclude<Access, { kind: 'any-key' }>;
  readonly denies: Denies | undefined;
}

/** What a controller can demand of its caller. */
type Guarded = Exclude<Access, { kind: 'public' | 'any-key' }>;

/** Lets a request pass if its API key, or its session, is valid and has what the route demands. */
@Injectable()
export class AccessGuard extends AuthGuard(['bearer-key', 'api-key', 'console-session']) {
  /** Reading decorators costs more than everything else, so it is done once for each handler. */
  private readonly known = new Map<unknown, Demands>();

  constructor(
    private readonly reflector: Reflector,
    @Inject(KEYS) private readonly keys: Keys,
    private readonly orgs: OrgLookup,
    @Inject(SESSIONS) private readonly sessions: Sessions,
    private readonly throttle: FailureThrottle,
    private readonly bounds: CallBounds,
  ) {
    super({ property: 'authentication' });
  }

  override canActivate(context: ExecutionContext): true | Promise<true> {
    const { access, denies } = this.demandsOf(context);
    if (access.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return this.admit(context, access, laneOf(denies, request.body));
  }

  /** What the strategy threw is the problem for the client. Without a secret it finds nothing. */
  override handleRequest<T>(error: Error | null, found: T | false): T {
    if (error !== null) throw error;
    if (found === false) throw new Problem('unauthenticated');
    return found;
  }

  private demandsOf(context: ExecutionContext): Demands {
    const handler = context.getHandler();
    let demands = this.known.get(handler);
    if (demands === undefined) {
      const on = [handler, context.getClass()];
      const access = this.reflector.getAllAndOverride<Demands['access'] | undefined>(ACCESS, on);
      if (access === undefined) throw new Error(`${handler.name} declares no access`);
      demands = { access, denies: this.reflector.get<Denies | undefined>(DENIES, handler) };
      this.known.set(handler, demands);
    }
    return demands;
  }

  private async admit(context: ExecutionContext, access: Guarded, lane: Lane): Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // Decided once: a request with a key is judged by the key alone, whatever cookie it has.
    const key = findKey(request.raw.rawHeaders);
    if (access.kind === 'session') {
      if (key !== undefined)
        throw new Problem('unauthenticated', 'This needs a session of the console, not a key.');
      const find = () => this.sessions.find(request, lane);
      request.session = await this.authenticate(context, 'console-session', find);
      await this.enter(request, request.session.user.id, lane);
      return true;
    }
    const { principal, authSeq } = await (key === undefined
      ? this.authenticateSession(context, access, lane)
      : this.authenticateKey(context, key));
    const requires = access.permission;
    request.caller = { principal, origin: originOf(request), requires, lane, authSeq };
    const { orgId } = request.params as { orgId?: string };
    authorise(principal, requires, orgId);
    await this.enter(request, principal.org.id, lane);
    if (isForeign(principal, orgId) && !(await this.orgs.exists(orgId, lane))) {
      throw new Problem('not_found');
    }
    return true;
  }

  /** Where calls are bounded, the party of this one gets at most its share of the connections. */
  private async enter({ call }: FastifyRequest, party: string, lane: Lane): Promise<void> {
    if (call !== undefined) call.hold(await this.bounds.enter(party, lane));
  }

  /** Lets passport run the strategies. Only the named one reads the credential. */
  private async authenticate<T extends object>(
    context: ExecutionContext,
    strategy: Credential['strategy'],
    authenticate: (secret: string) => Promise<T>,
  ): Promise<T> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.credential = { strategy, authenticate };
    await super.canActivate(context);
    return request.authentication as T;
  }

  private async authenticateSession(
    context: ExecutionContext,
    { permission }: Exclude<Guarded, { kind: 'session' }>,
    lane: Lane,
  ): Promise<Authentication> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { orgId } = request.params as { orgId?: string };
    return this.authenticate(context, 'console-session', async () => {
      const session = await this.sessions.find(request, lane);
      const standing = await this.sessions.standing(session, orgId, lane);
      if (standing !== undefined) return standing;
      throw orgId === undefined ? insufficientPermission(permission) : new Problem('not_found');
    });
  }

  /**
   * Many clients can share an address: a key that was valid lately is judged whatever the others did,
   * unless it may not be used from there. All others have to wait before anything is looked up:
   * otherwise guessing would cost us as much as ever.
   */
  private async authenticateKey(context: ExecutionContext, key: ShownKey): Promise<Authentication> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { ip, headers } = request;
    this.throttle.admit(ip, () => this.keys.wasGood(key.secret, ip));
    writeKey(key, headers);
    const authenticate = (secret: string) => this.keys.authenticate(secret, request);
    try {
      return await this.authenticate(context, key.strategy, authenticate);
    } catch (error) {
      const isFailure = error instanceof Problem && error.code === 'unauthenticated';
      if (isFailure) this.throttle.count(ip);
      throw error;
    }
  }
}
