import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { catalogue } from '../../src/common/errors.js';
import { exampleService, startCaddy } from '../support/caddy.js';
import { noCaddy, noNginx } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startExample, type Example } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeUnless } from '../support/unless.js';

const gateways = {
  nginx: {
    missing: noNginx,
    start: async (url: string) =>
      startExample('nginx', 'start.js', { KEYFENCE_URL: url, PORT: `${await freePort()}` }),
    /** What needs which permission, and another permission. */
    lacking: { method: 'POST', permission: 'telemetry:write', held: 'telemetry:read' },
    /** What it takes away besides the four names. */
    spoofed: {},
    /** What it responds with when Keyfence ends its connection, and when it says nothing. */
    away: { cut: 503, silence: 503 },
    retryAfter: '1',
  },
  Caddy: {
    missing: noCaddy,
    start: startCaddy,
    lacking: { method: 'GET', permission: 'telemetry:read', held: 'telemetry:write' },
    spoofed: { 'x-keyfence-anything': 'of_somebody_else' },
    away: { cut: 502, silence: 504 },
    retryAfter: null,
  },
};

/** Sends headers that `fetch` keeps to itself. */
async function askWith(url: string, headers: Record<string, string>) {
  const [response] = (await once(get(url, { agent: false, headers }), 'response')) as [
    IncomingMessage,
  ];
  return { status: response.statusCode, body: await json(response) };
}

describe('the service of the example', () => {
  it('refuses a request without all four headers', async () => {
    const service = await exampleService();
    await once(service.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/telemetry`;
      const all = {
        'x-keyfence-org': 'org_1',
        'x-keyfence-owner': 'usr_1',
        'x-keyfence-key': 'key_1',
        'x-keyfence-permissions': 'telemetry:read',
      };
      expect((await fetch(url, { headers: all })).status).toBe(200);
      for (const name of Object.keys(all)) {
        for (const headers of [
          Object.entries(all).filter(([each]) => each !== name),
          Object.entries({ ...all, [name]: '' }),
        ]) {
          const response = await fetch(url, { headers });
          expect({ name, status: response.status }).toEqual({ name, status: 403 });
          expect(await response.json()).toEqual({ missing: [name] });
        }
      }
    } finally {
      service.close();
      service.closeAllConnections();
    }
  });
});

for (const [name, { missing, start, ...own }] of Object.entries(gateways)) {
  describeUnless(missing, `a service behind ${name}`, () => {
    let service: Service;
    let org: Organisation;
    let proxy: TcpProxy;
    let gateway: Example;

    beforeAll(async () => {
      service = await startService({ settings: { trustedProxies: ['127.0.0.1/32'] } });
      org = await createOrganisation(service);
      proxy = await TcpProxy.start(service.url);
      gateway = await start(proxy.url(service.url));
      await eventually(() => ask({}).catch(() => false as const));
    });
    afterAll(async () => {
      await gateway.stop();
      await proxy.close();
      await service.stop();
    });

    async function ask(headers: Record<string, string>, method = 'GET') {
      const response = await fetch(`${gateway.url}/telemetry`, { method, headers });
      const content = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      const body = (isJson ? JSON.parse(content) : {}) as Record<string, unknown>;
      return { status: response.status, headers: response.headers, body };
    }
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

    it('gets requests with a valid key, and who holds it', async () => {
      const { id, secret } = await createKey(org.member, org, { scope: 'read' });
      for (const headers of [bearer(secret), { 'x-api-key': secret }]) {
        const { status, body } = await ask(headers);
        expect(status).toBe(200);
        expect(body).toMatchObject({
          celsius: 21.4,
          headers: {
            'x-keyfence-org': org.id,
            'x-keyfence-owner': org.member.userId,
            'x-keyfence-key': id,
          },
        });
        expect(JSON.stringify(body)).not.toContain(secret);
      }
    });

    it('does not get what a client says of itself', async () => {
      const { id, secret } = await createKey(org.member, org, { scope: 'read' });
      const spoofed = {
        'x-keyfence-org': 'org_of_somebody_else',
        'x-keyfence-owner': 'usr_of_somebody_else',
        'x-keyfence-key': 'key_of_somebody_else',
        'x-keyfence-permissions': 'telemetry:admin',
        // The same name to services that cannot distinguish the two.
        x_keyfence_key: 'key_of_somebody_else',
        ...own.spoofed,
      };
      const { body } = await ask({ ...bearer(secret), ...spoofed });
      expect(body.headers).toMatchObject({ 'x-keyfence-key': id });
      expect(JSON.stringify(body)).not.toMatch(/somebody_else|telemetry:admin/);
    });

    it('learns that, whatever a client says about which headers end at the gateway', async () => {
      const { id, secret } = await createKey(org.member, org, { scope: 'read' });
      const names = ['Org', 'Owner', 'Key', 'Permissions'].map((name) => `X-Keyfence-${name}`);
      const connections = [
        ...names,
        ...names.map((name) => `close, ${name.toLowerCase()}`),
        `keep-alive, ${names.join(',')}`,
      ];
      for (const connection of connections) {
        const response = await askWith(`${gateway.url}/telemetry`, {
          ...bearer(secret),
          connection,
        });
        expect({ connection, ...response }).toMatchObject({
          connection,
          status: 200,
          body: {
            headers: {
              'x-keyfence-org': org.id,
              'x-keyfence-owner': org.member.userId,
              'x-keyfence-key': id,
              'x-keyfence-permissions': expect.stringContaining('telemetry:read'),
            },
          },
        });
      }
    });

    it('gets no others', async () => {
      for (const headers of [{}, bearer('nonsense'), bearer(`kf_${'A'.repeat(42)}`)]) {
        const response = await ask(headers);
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        const code = 'unauthenticated';
        expect(response.body).toMatchObject({ code, ...catalogue[code] });
      }
      const { method, permission, held } = own.lacking;
      const input = { scope: 'read-write', permissions: [held] };
      const { secret } = await createKey(org.member, org, input);
      expect(await ask(bearer(secret), method)).toMatchObject({
        status: 403,
        body: { permission },
      });
      const far = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
      const pretended = { ...bearer(far.secret), 'x-forwarded-for': '192.0.2.7' };
      expect((await ask(pretended)).status).toBe(403);
    });

    it('gets nothing with a revoked key from the very next request on', async () => {
      const { id, secret } = await createKey(org.member, org);
      for (let time = 0; time < 3; time += 1) {
        expect((await ask(bearer(secret))).status).toBe(200);
      }
      await org.manager.delete(org.path(`/keys/${id}`));
      expect((await ask(bearer(secret))).status).toBe(401);
    });

    it('gets nothing while Keyfence is away, and goes on when it is back', async () => {
      const { secret } = await createKey(org.member, org);
      for (const leave of ['cut', 'silence'] as const) {
        proxy[leave]();
        const response = await ask(bearer(secret));
        expect(response.status).toBe(own.away[leave]);
        expect(response.headers.get('retry-after')).toBe(own.retryAfter);
        await proxy.heal();
        await eventually(async () => (await ask(bearer(secret))).status === 200);
      }
    });
  });
}
