import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { exchange, openSocket } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

describe('a client that takes its time', () => {
  let service: Service;
  let org: Organisation;
  let server: Server;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    server = service.app.getHttpServer();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
    // Others need less, also on a slow machine.
    server.headersTimeout = 2_000;
    server.requestTimeout = 3_000;
  });
  afterAll(() => service.stop());

  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${org.manager.key}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

  /** Sends one byte after the other until the service ends it. */
  function drip(socket: Socket, byte: string): void {
    const timer = setInterval(() => socket.write(byte), 20);
    socket.on('close', () => {
      clearInterval(timer);
    });
  }

  function expectTimeout(text: string): void {
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(text).toContain('Content-Type: application/problem+json\r\n');
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
      type: 'urn:keyfence:problem:request_timeout',
      status: 408,
      code: 'request_timeout',
    });
  }

  const slow: Record<string, [begin: () => string, further?: string]> = {
    'with its headers': [() => 'GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ', 'a'],
    'with many headers': [() => 'GET /livez HTTP/1.1\r\nHost: x\r\n', 'a:\r\n'],
    'with the first line': [() => 'GET /', 'a'],
    'with empty lines before it': [() => '\r\n', '\r\n'],
    'with its body': [() => head('/v1/verify', 60_000), ' '],
    'with its chunks': [
      () => head('/v1/verify', 1).replace('Content-Length: 1', 'Transfer-Encoding: chunked'),
      '1\r\n \r\n',
    ],
    'and sends half of its headers only': [() => 'GET /livez HTTP/1.1\r\nHost: x\r\n'],
    'and sends half of its body only': [() => `${head('/v1/verify', 100)}{"key`],
    'and sends nothing at all': [() => ''],
  };
  /** All at once, as each of them takes a while. */
  const ends = new Map<string, Promise<string>>();
  beforeAll(() => {
    for (const [what, [begin, further]] of Object.entries(slow)) {
      const end = openSocket(service.url).then((socket) => {
        if (further !== undefined) drip(socket, further);
        return exchange(socket, begin());
      });
      ends.set(what, end);
    }
  });
  for (const what of Object.keys(slow)) {
    it(`gets a response, and the connection ends: ${what}`, async () => {
      expectTimeout((await ends.get(what)) ?? '');
    });
  }

  it('gets it after the response to what it had sent before', async () => {
    const first = `GET /v1/whoami HTTP/1.1\r\nHost: x\r\nX-API-Key: ${org.manager.key}\r\n\r\n`;
    const text = await exchange(await openSocket(service.url), `${first}GET /livez HTTP/1.1\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expectTimeout(text.slice(text.lastIndexOf('HTTP/1.1')));
  });

  it('gets nothing more when it has its response, and the rest never comes', async () => {
    const bytes = head('/v1/forward-auth/any', 100);
    const text = await exchange(await openSocket(service.url), bytes);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['204']);
  });

  it('does not keep a connection by leaving its own side open', async () => {
    const { hostname, port } = new URL(service.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const closed = once(server, 'connection').then(([accepted]: Socket[]) =>
      accepted === undefined ? undefined : once(accepted, 'close'),
    );
    const text = new Promise<string>((resolve) => {
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('end', () => {
        resolve(received);
      });
    });
    socket.write('GET /livez HTTP/1.1\r\n');
    expectTimeout(await text);
    await closed;
    socket.destroy();
  });

  it('holds nobody up: others get responses beside hundreds of such connections', async () => {
    const begins = Object.values(slow).map(([begin]) => begin());
    const sockets = await Promise.all(Array.from({ length: 300 }, () => openSocket(service.url)));
    const responses = sockets.map((socket, n) => exchange(socket, begins[n % begins.length] ?? ''));
    const others = Array.from({ length: 100 }, () => org.member.get('/v1/whoami'));
    for (const { status } of await Promise.all(others)) expect(status).toBe(200);
    for (const text of await Promise.all(responses)) expectTimeout(text);
  });
});
