import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { startCaddy } from '../support/caddy.js';
import { blocksOf, readPage } from '../support/documents.js';
import { noCaddy, noNginx } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startProgram, type Example } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeUnless } from '../support/unless.js';

const page = readPage('docs/cors.md');
const origin = 'https://app.example.com';
const elsewhere = 'https://elsewhere.example.com';

/** The example with nginx, with the three parts of the block where their comments say. */
async function nginxConfiguration(): Promise<string> {
  const [block = ''] = blocksOf(page, 'nginx');
  const [, inHttp = '', inServer = '', inLocation = ''] = block.split(/^# In .*\n/m);
  expect([inHttp, inServer, inLocation]).not.toContain('');
  const file = await readFile(join(projectRoot, 'examples/nginx/nginx.conf'), 'utf8');
  const after = (text: string, line: string, added: string) => {
    expect(text).toContain(line);
    return text.replace(line, `${line}\n${added}`);
  };
  const additions: [string, string][] = [
    ['http {', inHttp],
    ['listen 127.0.0.1:4000;', inServer],
    ['location = /telemetry {', inLocation],
    // These have an `add_header` of their own, and inherit none.
    ['location @unauthenticated {', inServer],
    ['location @unavailable {', inServer],
  ];
  return additions.reduce((text, [line, added]) => after(text, line, added), file);
}

async function startNginx(keyfenceUrl: string): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), 'keyfence-cors-'));
  await cp(join(projectRoot, 'examples/nginx'), folder, { recursive: true });
  await writeFile(join(folder, 'nginx.conf'), await nginxConfiguration());
  const port = `${await freePort()}`;
  const variables = { KEYFENCE_URL: keyfenceUrl, PORT: port };
  const program = startProgram(folder, [process.execPath, 'start.js'], variables);
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...program, url: `http://127.0.0.1:${port}`, stop };
}

/** Caddy as the other page configures it, with what this page has before the route. */
function startCaddyWithCors(keyfenceUrl: string): Promise<Example> {
  const [block = ''] = blocksOf(page, 'caddyfile');
  const [before = '', route] = block.split(/^\troute \/telemetry\* \{$/m);
  expect(route).toBeDefined();
  return startCaddy(keyfenceUrl, (configuration) =>
    configuration.replace('example.com {\n', () => before),
  );
}

const gateways = {
  nginx: { missing: noNginx, start: startNginx, away: 503, elsewhere: 204 },
  Caddy: { missing: noCaddy, start: startCaddyWithCors, away: 502, elsewhere: 401 },
};

for (const [name, { missing, start, ...own }] of Object.entries(gateways)) {
  describeUnless(missing, `pages of another origin, with ${name} as docs/cors.md has it`, () => {
    let service: Service;
    let org: Organisation;
    let proxy: TcpProxy;
    let gateway: Example;

    beforeAll(async () => {
      service = await startService({ settings: { trustedProxies: ['127.0.0.1/32'] } });
      org = await createOrganisation(service);
      proxy = await TcpProxy.start(service.url);
      gateway = await start(proxy.url(service.url));
      const listens = eventually(() => ask('GET', {}).catch(() => false as const));
      await Promise.race([listens, gateway.ended]);
    });
    afterAll(async () => {
      await gateway.stop();
      await proxy.close();
      await service.stop();
    });

    /** What a browser sends, which `fetch` would not. */
    async function ask(method: string, headers: Record<string, string>) {
      const sent = request(`${gateway.url}/telemetry`, { method, headers, agent: false });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return { status: response.statusCode, headers: response.headers };
    }

    const preflight = (from: string) =>
      ask('OPTIONS', {
        origin: from,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      });
    const get = (secret: string, from = origin) =>
      ask('GET', { origin: from, authorization: `Bearer ${secret}` });
    const allowed = 'access-control-allow-origin';
    /** What lets a page read a response. */
    const readable = {
      [allowed]: origin,
      'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
      vary: expect.stringContaining('Origin'),
    };

    it('are let through before they send a key', async () => {
      expect(await preflight(origin)).toMatchObject({
        status: 204,
        headers: {
          [allowed]: origin,
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': 'Authorization, X-API-Key, Content-Type',
          'access-control-max-age': '600',
          vary: expect.stringContaining('Origin'),
        },
      });
    });

    it('are not, where their origin is not named', async () => {
      const { status, headers } = await preflight(elsewhere);
      expect({ status, [allowed]: headers[allowed] }).toEqual({
        status: own.elsewhere,
        [allowed]: undefined,
      });
      const { secret } = await createKey(org.member, org);
      const response = await get(secret, elsewhere);
      expect(response.status).toBe(200);
      expect(response.headers).not.toHaveProperty([allowed]);
    });

    it('need a key for an OPTIONS that is no preflight', async () => {
      expect((await ask('OPTIONS', { origin })).status).toBe(401);
    });

    it('read a response, and why a request was refused', async () => {
      const { secret } = await createKey(org.member, org);
      expect(await get(secret)).toMatchObject({ status: 200, headers: readable });
      expect(await get('nonsense')).toMatchObject({ status: 401, headers: readable });
      const far = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
      expect(await get(far.secret)).toMatchObject({ status: 403, headers: readable });
    });

    it('read that Keyfence is away', async () => {
      const { secret } = await createKey(org.member, org);
      proxy.cut();
      try {
        expect(await get(secret)).toMatchObject({ status: own.away, headers: readable });
      } finally {
        await proxy.heal();
      }
    });
  });
}
