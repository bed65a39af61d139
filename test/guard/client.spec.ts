import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Keyfence, KeyfenceError, Unavailable } from '@keyfence/guard';
import { expect } from 'expect';

/** Something that is not Keyfence, or not as it should be, where Keyfence is thought to be. */
describe('the client', () => {
  let server: Server;
  let url: string;
  let asked: string[] = [];
  let answer: { status: number; type?: string; body: string } | 'ends' = 'ends';

  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (answer === 'ends') {
        request.socket.destroy();
        return;
      }
      const { status, type = 'application/json', body } = answer;
      response.writeHead(status, { 'content-type': type, location: '/elsewhere' }).end(body);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    asked = [];
  });

  const client = () => new Keyfence({ url, key: 'kf_x' });
  const verify = () => client().verify({ key: 'kf_y' });

  it('takes nothing for a verdict that is none', async () => {
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
      answer = wrong;
      await expect(verify()).rejects.toThrow(Unavailable);
    }
    answer = { status: 401, type: 'application/problem+json', body: '{"status":401,"title":"no"}' };
    await expect(verify()).rejects.toThrow(KeyfenceError);
  });

  it('keeps the path that Keyfence is under', async () => {
    answer = { status: 200, body: '{"valid":false,"code":"INVALID","authSeq":1}' };
    await verify();
    expect(asked).toEqual(['POST /prefix/v1/verify']);
  });

  it('tries once more what does no harm twice, and nothing else', async () => {
    answer = 'ends';
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
