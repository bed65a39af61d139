import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../common/errors.js';
import type { SessionId, UserId } from '../common/ids.js';
import { FailureThrottle } from '../throttling/failure-throttle.js';
import { ACCESS, type Access } from './access.decorator.js';
import { authorise, insufficientPermission, isForeign } from './authorise.js';
import { findCredential, normaliseScheme, secretIn, type StrategyName } from './credentials.js';
import { originOf } from './origin.js';
import type { Principal } from './principal.js';

/** Injection token of the passport strategies that read a key out of a request. */
export const KEY_STRATEGIES = Symbol('key strategies');

/** Injection token of the look-up of organisations. */
export const ORG_LOOKUP = Symbol('organisation look-up');

export interface OrgLookup {
  orgExists(orgId: string): Promise<boolean>;
}

/** Injection token of the memory of keys. */
export const KEY_MEMORY = Symbol('key memory');

export interface KeyMemory {
  /** Whether a secret was good a short while ago: no verdict, and without a look at the store. */
  wasGood(secret: string): boolean;
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
   * @throws Problem `unauthenticated`, `cross_site`
   */
  find(request: FastifyRequest): Promise<Session>;
  /**
   * Who the session is in this organisation, or else among the operators.
   *
   * @returns undefined when it is nobody there
   */
  standing(session: Session, orgId: string | undefined): Promise<Authentication | undefined>;
}

/** What a strategy hands over when a key is good. */
export interface Authentication {
  principal: Principal;
  authSeq: number;
}

/** A passport strategy, as far as it is driven here. */
export interface KeyStrategy {
  authenticate(request: FastifyRequest): void;
}

/** The actions that passport's contract adds to a strategy for the time of one request. */
interface Attempt extends KeyStrategy {
  success: (user: Authentication) => void;
  fail: (challenge?: unknown) => void;
  error: (error: unknown) => void;
}

/** Only an answer of our own tells the client more than that the key is not good. */
function refusal(challenge: unknown): Problem {
  return challenge instanceof Problem ? challenge : new Problem('unauthenticated');
}

/**
 * Runs the passport strategy as passport itself does: on an object that inherits from it, so that
 * concurrent requests do not share their actions. Nest's `AuthGuard` builds a middleware chain for
 * each request instead, which costs several times as much (see bench/).
 */
function run(strategy: KeyStrategy, request: FastifyRequest): Promise<Authentication> {
  return new Promise((resolve, reject) => {
    const attempt = Object.create(strategy) as Attempt;
    attempt.success = resolve;
    attempt.fail = (challenge) => {
      reject(refusal(challenge));
    };
    attempt.error = reject;
    attempt.authenticate(request);
  });
}

/** Lets a request pass when its API key, or its session, is good and holds what the route demands. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** Reading decorators costs more than all the rest, so each handler is looked at once. */
  private readonly accessOf = new Map<unknown, Access>();

  constructor(
    private readonly reflector: Reflector,
    @Inject(KEY_STRATEGIES) private readonly strategies: Record<StrategyName, KeyStrategy>,
    @Inject(ORG_LOOKUP) private readonly orgs: OrgLookup,
    @Inject(KEY_MEMORY) private readonly memory: KeyMemory,
    @Inject(SESSIONS) private readonly sessions: Sessions,
    private readonly throttle: FailureThrottle,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const access = this.access(context);
    if (access.kind === 'public') return true;
    return this.authenticate(context.switchToHttp().getRequest<FastifyRequest>(), access);
  }

  private access(context: ExecutionContext): Access {
    const handler = context.getHandler();
    let access = this.accessOf.get(handler);
    if (access === undefined) {
      access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
        handler,
        context.getClass(),
      ]);
      if (access === undefined) throw new Error(`${handler.name} declares no access`);
      this.accessOf.set(handler, access);
    }
    return access;
  }

  private async authenticate(
    request: FastifyRequest,
    access: Exclude<Access, { kind: 'public' }>,
  ): Promise<true> {
    if (access.kind === 'session') {
      request.session = await this.sessions.find(request);
      return true;
    }
    const name = findCredential(request.raw.rawHeaders);
    const { principal, authSeq } = await (name === undefined
      ? this.judgeSession(request, access)
      : this.judge(name, request));
    const requires = access.kind === 'permission' ? access.permission : null;
    request.caller = { principal, origin: originOf(request), requires, authSeq };
    const { orgId } = request.params as { orgId?: string };
    authorise(principal, requires, orgId);
    if (isForeign(principal, orgId) && !(await this.orgs.orgExists(orgId))) {
      throw new Problem('not_found');
    }
    return true;
  }

  private async judgeSession(
    request: FastifyRequest,
    access: Exclude<Access, { kind: 'public' | 'session' }>,
  ): Promise<Authentication> {
    // What tells of keys is asked with a key.
    if (access.kind === 'any-key') throw new Problem('unauthenticated');
    const session = await this.sessions.find(request);
    const { orgId } = request.params as { orgId?: string };
    const standing = await this.sessions.standing(session, orgId);
    if (standing !== undefined) return standing;
    throw orgId === undefined
      ? insufficientPermission(access.permission)
      : new Problem('not_found');
  }

  /**
   * Many clients can share an address: a key that was good lately is judged whatever the others
   * did. All else has to wait before anybody looks it up, or guessing would cost us as much as ever.
   */
  private async judge(name: StrategyName, request: FastifyRequest): Promise<Authentication> {
    const { ip, headers } = request;
    if (name === 'bearer-key') headers.authorization = normaliseScheme(headers.authorization);
    this.throttle.admit(ip, () => this.memory.wasGood(secretIn(name, headers)));
    try {
      return await run(this.strategies[name], request);
    } catch (error) {
      const isFailure = error instanceof Problem && error.code === 'unauthenticated';
      if (isFailure) this.throttle.count(ip);
      throw error;
    }
  }
}
