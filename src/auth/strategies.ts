import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import type { StrategyName } from './credentials.js';

/** The one credential by which a request is judged, as the guard has decided. */
export interface Credential {
  strategy: StrategyName | 'console-session';
  /**
   * @param secret what the strategy found in its header; empty for a session
   * @throws Problem that ends the request: no other strategy is asked then
   */
  authenticate: (secret: string) => Promise<object>;
}

declare module 'fastify' {
  interface FastifyRequest {
    credential?: Credential;
    /** The result of the strategy. */
    authentication?: object;
  }
}

/**
 * Passport has one table of strategies for the process, which may run several services. So strategies
 * have no state: what differs between services comes with the request.
 */
const authenticate = (name: Credential['strategy'], request: FastifyRequest, secret: string) =>
  request.credential?.strategy === name ? request.credential.authenticate(secret) : false;

type Done = (error: unknown, user?: object | false) => void;

/** `passport-headerapikey` passes the request last, where `PassportStrategy` expects `done`. */
class HeaderKeyStrategy extends HeaderAPIKeyStrategy {
  constructor(
    header: { header: string; prefix: string },
    verify: (request: FastifyRequest, secret: string, done: Done) => void,
  ) {
    const turned = (secret: string, done: Done, request: FastifyRequest) => {
      verify(request, secret, done);
    };
    super(header, true, turned as never);
  }
}

/** A key in the header `X-API-Key`. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(HeaderKeyStrategy, 'api-key') {
  constructor() {
    super({ header: 'X-API-Key', prefix: '' });
  }

  validate(request: FastifyRequest, secret: string) {
    return authenticate('api-key', request, secret);
  }
}

/** A key in the header `Authorization` (RFC 6750). */
@Injectable()
export class BearerKeyStrategy extends PassportStrategy(HeaderKeyStrategy, 'bearer-key') {
  constructor() {
    super({ header: 'Authorization', prefix: 'Bearer ' });
  }

  validate(request: FastifyRequest, secret: string) {
    return authenticate('bearer-key', request, secret);
  }
}

/** Leaves reading the request to `validate`. */
class RequestStrategy extends Strategy {
  constructor(private readonly verify: (request: FastifyRequest, done: Done) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    this.verify(request as FastifyRequest, (error, user) => {
      if (error) this.error(error);
      else if (user) this.success(user);
      else this.fail();
    });
  }
}

/** The session of somebody who is signed in to the console. */
@Injectable()
export class ConsoleSessionStrategy extends PassportStrategy(RequestStrategy, 'console-session') {
  validate(request: FastifyRequest) {
    return authenticate('console-session', request, '');
  }
}
