import 'reflect-metadata';
import {
  All,
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, RouteSchema, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { schemaOf } from '../../src/common/json-schema.js';
import { createValidationPipe } from '../../src/http/validation.js';
import { VerifyKey } from '../../src/verification/hot/verification.dto.js';
import { NaiveKeys } from './naive.js';

/** What the servers that Keyfence is compared with need to know. */
export interface Task {
  databaseUrl: string;
  /** Undefined where there is no Redis. */
  redisUrl: string | undefined;
  /** Secrets of valid keys. */
  secrets: string[];
  /** What Keyfence responds with, so that all respond with the same bytes. */
  whoami: unknown;
  verify: unknown;
  /** Headers. */
  forwardAuth: Record<string, string>;
}

const [, , variant = '', given = ''] = process.argv;
const { databaseUrl, secrets, whoami, verify, forwardAuth } = JSON.parse(given) as Task;

/**
 * The routes of the same shape, which ask nobody: Nest, the schema as Fastify compiles it, and the response.
 */
@Controller('v1')
class BareController {
  @Get('whoami')
  whoami(): unknown {
    return whoami;
  }

  @Post('verify')
  @HttpCode(200)
  @RouteSchema({ body: schemaOf(VerifyKey) })
  verify(@Req() { body }: FastifyRequest<{ Body: VerifyKey }>): unknown {
    return body.key === '' ? null : verify;
  }

  @All('forward-auth/:permission')
  @HttpCode(204)
  forwardAuth(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers(forwardAuth);
  }
}

@Controller('v1')
class NaiveController {
  constructor(@Inject(NaiveKeys) private readonly keys: NaiveKeys) {}

  @Get('whoami')
  async whoami(@Req() request: FastifyRequest): Promise<unknown> {
    await this.keys.noteUse(await this.caller(request));
    return whoami;
  }

  @Post('verify')
  @HttpCode(200)
  async verify(@Req() request: FastifyRequest, @Body() body: VerifyKey): Promise<unknown> {
    // To note the use of the caller's key, which all connections share, would queue them up.
    await this.caller(request);
    await this.keys.noteUse(await this.keys.find(body.key));
    return verify;
  }

  private caller({ headers }: FastifyRequest) {
    return this.keys.find(headers.authorization?.replace('Bearer ', '') ?? '');
  }
}

@Module({ controllers: [BareController] })
class Bare {}

@Module({
  controllers: [NaiveController],
  providers: [{ provide: NaiveKeys, useFactory: () => NaiveKeys.open(databaseUrl, secrets) }],
})
class Naive {}

const module = { Bare, Naive }[variant];
if (module === undefined) throw new Error('name a variant');

const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
  logger: false,
  abortOnError: false,
});
app.useGlobalPipes(createValidationPipe());
await app.listen(0, '127.0.0.1');
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url: await app.getUrl() });
