import 'reflect-metadata';
import {
  Controller,
  Get,
  Injectable,
  Module,
  UseGuards,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { Requires } from '../../src/auth/access.decorator.js';
import { AccessGuard, KEYS, SESSIONS } from '../../src/auth/access.guard.js';
import type { Principal } from '../../src/permissions/principal.js';
import { OrgLookup } from '../../src/auth/org-lookup.js';
import * as Own from '../../src/auth/strategies.js';
import type { Settings } from '../../src/config/settings.js';
import { Log } from '../../src/telemetry/log.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import type { FailureStore } from '../../src/auth/throttling/failure.store.js';
import { CallBounds } from '../../src/auth/throttling/call-bounds.js';
import { FailureThrottle } from '../../src/auth/throttling/failure-throttle.js';
import { VerifiedKeys } from '../../src/verification/verified-keys.js';
import type { Verifier } from '../../src/verification/verifier.js';

/**
 * One route behind one of the guards that are compared. All of them find the key valid at once, so
 * that what differs is the guard and nothing else.
 */
const principal = {
  key: {},
  org: {},
  owner: {},
  permissions: new Set(['keys:read']),
} as unknown as Principal;
const verification = { verdict: { good: true, principal }, authSeq: 1 };
const found = Promise.resolve({});
const verifier = { findOne: () => found, judge: () => verification } as unknown as Verifier;

/** Nothing fails here, so it never writes. */
const throttle = new FailureThrottle(
  { maxFailedAuthentications: 100 } as Settings,
  {} as FailureStore,
  new Log(createLogger()),
  new Metrics(),
);

@Injectable()
class NoOpGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** A guard that asks something, as every real one has to, and gets the response at once. */
@Injectable()
class AsyncGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    return Boolean(await found);
  }
}

class ApiKeyStrategy extends PassportStrategy(HeaderAPIKeyStrategy, 'api-key') {
  constructor() {
    super({ header: 'X-API-Key', prefix: '' }, false);
  }

  validate() {
    return principal;
  }
}

class BearerStrategy extends PassportStrategy(HeaderAPIKeyStrategy, 'bearer-key') {
  constructor() {
    super({ header: 'Authorization', prefix: 'Bearer ' }, false);
  }

  validate() {
    return principal;
  }
}

@Controller()
class HelloController {
  @Get('hello')
  @Requires('keys:read')
  hello() {
    return { hello: 'world' };
  }
}

@Controller()
@UseGuards(AuthGuard(['bearer-key', 'api-key']))
class PassportController {
  @Get('hello')
  hello() {
    return { hello: 'world' };
  }
}

@Module({ controllers: [HelloController] })
class NoGuard {}

@Module({
  controllers: [HelloController],
  providers: [{ provide: APP_GUARD, useClass: NoOpGuard }],
})
class NoOp {}

@Module({
  controllers: [HelloController],
  providers: [{ provide: APP_GUARD, useClass: AsyncGuard }],
})
class NoOpAsync {}

const ours = [
  Own.ApiKeyStrategy,
  Own.BearerKeyStrategy,
  Own.ConsoleSessionStrategy,
  { provide: KEYS, useValue: new VerifiedKeys(verifier) },
  { provide: OrgLookup, useValue: {} },
  { provide: SESSIONS, useValue: {} },
  { provide: FailureThrottle, useValue: throttle },
  { provide: CallBounds, useValue: {} },
  { provide: APP_GUARD, useClass: AccessGuard },
];

/** As all routes have it that are controllers. */
@Module({ controllers: [HelloController], providers: ours })
class Keyfence {}

@Module({ controllers: [PassportController], providers: [ApiKeyStrategy, BearerStrategy] })
class NestPassport {}

const variants: Record<string, Type> = {
  NoGuard,
  NoOp,
  NoOpAsync,
  Keyfence,
  NestPassport,
};
const variant = variants[process.argv[2] ?? ''];
if (variant === undefined) throw new Error('name a variant');

const app = await NestFactory.create<NestFastifyApplication>(variant, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url: await app.getUrl() });
