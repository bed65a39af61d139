import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '@keyfence/guard';
import { CurrentPrincipal, KeyfenceModule, Public, Requires } from '@keyfence/guard/nest';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';
import { postSlowly } from '../support/slow-body.js';

@Public()
@Controller('open')
class OpenController {
  @Get()
  read() {
    return {};
  }

  @Get('closed')
  @Requires('telemetry:read')
  readClosed(@CurrentPrincipal() { keyId }: Principal) {
    return { keyId };
  }
}

@Requires('telemetry:read')
@Controller('closed')
class ClosedController {
  @Get()
  @Requires('telemetry:write')
  read() {
    return {};
  }

  @Get('open')
  @Public()
  readOpen() {
    return {};
  }
}

@Controller('any')
class AnyController {
  @Get()
  read() {
    return {};
  }
}

let written = 0;

@Controller('written')
class WriteController {
  @Post()
  write() {
    written += 1;
    return {};
  }
}

@Module({ controllers: [WriteController, OpenController, ClosedController, AnyController] })
class Routes {}

describe('the guard of a Nest service', () => {
  let service: Service;
  let org: Organisation;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    const options = { url: service.url, key: org.manager.key };
    const module = { module: Routes, imports: [KeyfenceModule.forRoot(options)] };
    const adapter = new FastifyAdapter();
    app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await service.stop();
  });

  async function ask(path: string, secret?: string) {
    const headers: Record<string, string> =
      secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const response = await fetch(`${await app.getUrl()}${path}`, { headers });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }

  it('protects every route that is not said to be open', async () => {
    for (const path of ['/any', '/closed', '/open/closed']) {
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 401 });
    }
    for (const path of ['/open', '/closed/open']) {
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 200 });
    }
  });

  it('wants what is declared at the class and at the method', async () => {
    const reads = await createKey(org.member, org, { scope: 'read' });
    const writes = await createKey(org.member, org, {
      scope: 'read-write',
      permissions: ['telemetry:write'],
    });
    const both = await createKey(org.member, org, { scope: 'read-write' });
    const lacking = async (secret: string) => (await ask('/closed', secret)).body.permission;
    expect(await lacking(reads.secret)).toBe('telemetry:write');
    expect(await lacking(writes.secret)).toBe('telemetry:read');
    expect((await ask('/closed', both.secret)).status).toBe(200);
    expect((await ask('/open/closed', both.secret)).body).toEqual({ keyId: both.id });
    expect((await ask('/any', writes.secret)).status).toBe(200);
  });

  it('judges a request when all of it is there', async () => {
    const { id, secret } = await createKey(org.member, org);
    const headers = { authorization: `Bearer ${secret}` };
    const url = `${await app.getUrl()}/written`;
    const revoke = () => org.manager.delete(org.path(`/keys/${id}`));
    expect((await postSlowly(url, headers, {}, () => Promise.resolve())).status).toBe(201);
    expect((await postSlowly(url, headers, {}, revoke)).status).toBe(401);
    expect(written).toBe(1);
  });

  it('responds with a problem, on Fastify as on Express', async () => {
    const { headers, body } = await ask('/any');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});
