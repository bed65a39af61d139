import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Keyfence, KeyfenceError, Unavailable } from '@keyfence/guard';

/** Something that is not Keyfence, or not as it should be, where Keyfence is thought to be. */
describe('the client', () => {
  let server: Server;
  let url: string;
  let asked: string[] = [];
  let reply: { status: number; type?: string; body: string; nonce?: string | string[] } | 'ends' =
    'ends';
  let connections = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (reply === 'ends') {
        request.socket.destroy();
        return;
      }
      const { status, type = 'application/json', body } = reply;
      const { nonce = request.headers['x-keyfence-nonce'] ?? '' } = reply;
      response.setHeader('x-keyfence-nonce', nonce);
      response.writeHead(status, { 'content-type': type, location: '/elsewhere' }).end(body);
    });
    server.on('connection', () => (connections += 1));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    asked = [];
  });

  const client = () => new Keyfence({ url, key: 'kf_x' });
  const verify = () => client().verify({ key: 'kf_y' });

  it('takes nothing for a decision that is none', async () => {
    for (const wrong of [
      { status: 200, body: '{}' },
      { status: 200, body: '{"valid":"true"}' },
      { status: 200, body: '{"valid":' },
      { status: 200, body: '{"valid":true}' },
      { status: 200, body: '{"valid":true,"keyId":"key_x","permissions":"all"}' },
      { status: 200, type: 'text/html', body: '<p>valid</p>' },
      { status: 302, type: 'text/html', body: '' },
      { status: 204, body: '' },
    ]) {
      reply = wrong;
      await expect(verify()).rejects.toThrow(Unavailable);
    }
    reply = { status: 401, type: 'application/problem+json', body: '{"status":401,"title":"no"}' };
    await expect(verify()).rejects.toThrow(KeyfenceError);
  });

  it('takes no decision that does not give back the nonce of its question', async () => {
    const keyfence = client();
    const body = '{"authSeq":1,"results":[{"valid":false,"code":"INVALID"}]}';
    const nonce = 'a'.repeat(36);
    for (const given of ['', nonce, [nonce, nonce]]) {
      reply = { status: 200, body, nonce: given };
      connections = 0;
      // Each ends the connection that it came on.
      for (const count of [1, 2]) {
        await expect(keyfence.verify({ key: 'kf_y' })).rejects.toThrow(Unavailable);
        expect(connections).toBe(count);
      }
    }
    expect(asked).toHaveLength(6);
    reply = { status: 200, body };
    await keyfence.verify({ key: 'kf_y' });
    await keyfence.verify({ key: 'kf_z' });
    expect(connections).toBe(3);
  });

  it('keeps the path that Keyfence is under', async () => {
    reply = { status: 200, body: '{"authSeq":1,"results":[{"valid":false,"code":"INVALID"}]}' };
    await verify();
    expect(asked).toEqual(['POST /prefix/v1/verify/batch']);
  });

  it('retries once what does no harm twice, and nothing else', async () => {
    reply = 'ends';
    await expect(verify()).rejects.toThrow(Unavailable);
    expect(asked).toHaveLength(2);
    const keys = client().keys('org_x');
    await expect(keys.create({ name: 'x', scope: 'read' })).rejects.toThrow(Unavailable);
    expect(asked).toHaveLength(3);
  });

  it('is not made without an address or a key', () => {
    const make = (options: { url: string; key: string }) => () => new Keyfence(options);
    expect(make({ url: 'not a URL', key: 'x' })).toThrow(TypeError);
    expect(make({ url: 'ftp://example.com', key: 'x' })).toThrow(TypeError);
    expect(make({ url, key: '' })).toThrow(TypeError);
  });
});
