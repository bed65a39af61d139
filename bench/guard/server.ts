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
import { AnyKey } from '../../src/auth/access.decorator.js';
import {
  AccessGuard,
  KEY_MEMORY,
  KEY_STRATEGIES,
  ORG_LOOKUP,
  SESSIONS,
} from '../../src/auth/access.guard.js';
import type { Principal } from '../../src/auth/principal.js';
import type { Settings } from '../../src/config/settings.js';
import { Log } from '../../src/telemetry/log.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import type { FailureStore } from '../../src/throttling/failure.store.js';
import { FailureThrottle } from '../../src/throttling/failure-throttle.js';
import { createKeyStrategies } from '../../src/verification/key-strategies.js';
import type { Verifier } from '../../src/verification/verifier.js';

/**
 * One route behind one of the guards that are compared. All of them find the key good at once, so
 * that what differs is the guard and nothing else.
 */
const principal = { key: {}, org: {}, owner: {}, permissions: new Set() } as unknown as Principal;
const verification = Promise.resolve({ verdict: { good: true, principal }, authSeq: 1 });
const found = Promise.resolve([undefined]);
const verifier = { find: () => found, judge: () => verification } as unknown as Verifier;

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

/** A guard that asks something, as every real one has to, and gets the answer at once. */
@Injectable()
class AsyncGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    return (await verification).verdict.good;
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
  @AnyKey()
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

@Module({
  controllers: [HelloController],
  providers: [
    { provide: KEY_STRATEGIES, useValue: createKeyStrategies(verifier) },
    { provide: ORG_LOOKUP, useValue: {} },
    { provide: SESSIONS, useValue: {} },
    { provide: KEY_MEMORY, useValue: {} },
    { provide: FailureThrottle, useValue: throttle },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
class Keyfence {}

@Module({ controllers: [PassportController], providers: [ApiKeyStrategy, BearerStrategy] })
class NestPassport {}

const variants: Record<string, Type> = { NoGuard, NoOp, NoOpAsync, Keyfence, NestPassport };
const variant = variants[process.argv[2] ?? ''];
if (variant === undefined) throw new Error('name a variant');

const app = await NestFactory.create<NestFastifyApplication>(variant, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url: await app.getUrl() });
