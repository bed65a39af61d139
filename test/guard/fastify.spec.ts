import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Keyfence } from '@keyfence/guard';
import { principalOf, requireKey } from '@keyfence/guard/fastify';
import fastify from 'fastify';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

describe('a Fastify service', () => {
  let service: Service;
  let org: Organisation;
  let keyfence: Keyfence;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    keyfence = new Keyfence({ url: service.url, key: org.manager.key });
  });
  afterAll(async () => {
    keyfence.close();
    await service.stop();
  });

  it('is protected where its own tests inject requests', async () => {
    const app = fastify();
    app.get('/', { preHandler: requireKey(keyfence, 'telemetry:read') }, (request) => ({
      keyId: principalOf(request).keyId,
    }));
    const { id, secret } = await createKey(org.member, org);
    const ask = (headers: Record<string, string | string[]>) => app.inject({ url: '/', headers });
    expect((await ask({})).statusCode).toBe(401);
    expect((await ask({ 'x-api-key': secret })).json()).toEqual({ keyId: id });
    expect((await ask({ 'x-api-key': [secret, secret] })).statusCode).toBe(400);
    await app.close();
  });

  it('is protected over HTTP/2', async () => {
    const app = fastify({ http2: true });
    app.addHook('preHandler', requireKey(keyfence) as never);
    app.get('/', (request) => ({ keyId: principalOf(request as never).keyId }));
    const client = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
    const ask = async (headers: Record<string, string>) => {
      const stream = client.request({ ':path': '/', ...headers });
      const [response] = (await once(stream, 'response')) as [Record<string, unknown>];
      return { status: response[':status'], body: JSON.parse(await text(stream)) as unknown };
    };
    const { id, secret } = await createKey(org.member, org);
    expect(await ask({})).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await ask({ authorization: `Bearer ${secret}` })).toEqual({
      status: 200,
      body: { keyId: id },
    });
    client.close();
    await app.close();
  });
});
