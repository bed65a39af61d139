import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import {
  exchange,
  openSocket,
  sendBytes,
  sendRaw,
  valueOf,
  type RawResponse,
} from '../../support/raw-http.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('what is no proper HTTP request', () => {
  let service: Service;
  let org: Organisation;
  let head: number;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    head = await headOf(service.db);
  });
  afterAll(() => service.stop());

  /** Refused in the way of all refusals, without a word about the inside. */
  async function expectRefused(response: RawResponse, status: number, code: string): Promise<void> {
    expect(response.status).toBe(status);
    expect(valueOf(response, 'content-type')).toMatch(/^application\/problem\+json/);
    expect(response.body).toMatchObject({
      type: `urn:keyfence:problem:${code}`,
      title: expect.stringMatching(/\.$/),
      status,
      code,
    });
    expect(response.text).not.toMatch(/HPE_|FST_|\bat .+:\d+|node_modules/);
    expect(await headOf(service.db)).toBe(head);
    expect((await service.nobody.get('/livez')).status).toBe(200);
  }

  const garbage: Record<string, string> = {
    'no HTTP at all': 'GARBAGE\r\n\r\n',
    'a TLS greeting': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'an unknown method': 'FETCH /livez HTTP/1.1\r\nHost: x\r\n\r\n',
    'a version to come': 'GET /livez HTTP/9.9\r\nHost: x\r\n\r\n',
    'a header without a name': 'GET /livez HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n',
    'a header without a colon': 'GET /livez HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n',
    'a space in a header name': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-API-Key : x\r\n\r\n',
    'a NUL in a header': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-API-Key: a\0b\r\n\r\n',
    'a folded header': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-API-Key: a\r\n b\r\n\r\n',
    'a NUL behind a key': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-API-Key: a\0\r\n\r\n',
    'a bare CR in a header': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n',
    'a bare CR between headers': 'GET /livez HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n',
    'a bare LF between headers': 'GET /livez HTTP/1.1\r\nHost: x\nX-A: a\r\n\r\n',
    'bare LFs throughout': 'GET /livez HTTP/1.1\nHost: x\n\n',
    'a request without a version': 'GET /livez\r\n\r\n',
    'the greeting of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'no host': 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n',
    'two hosts': 'GET /livez HTTP/1.1\r\nHost: x\r\nhost: y\r\nConnection: close\r\n\r\n',
    'the same host twice': 'GET /livez HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n',
    'a length that is no number':
      'POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n',
    'two lengths':
      'POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
    'a length and chunks':
      'POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  };
  for (const [what, bytes] of Object.entries(garbage)) {
    it(`is refused with 400: ${what}`, async () => {
      await expectRefused(await sendBytes(service.url, bytes), 400, 'invalid_request');
    });
  }

  it('is refused without a body where it is a HEAD', async () => {
    const socket = await openSocket(service.url);
    const text = await exchange(socket, 'HEAD /v1/forward-auth/\xe9 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*\r\n\r\n$/);
  });

  it('is refused with 431 when its headers are too large', async () => {
    const header = `X-Large: ${'x'.repeat(64 * 1024)}\r\n`;
    const bytes = `GET /livez HTTP/1.1\r\nHost: x\r\n${header}\r\n`;
    const response = await sendBytes(service.url, bytes);
    await expectRefused(response, 431, 'headers_too_large');
    expect(response.text).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  });

  it('is refused with 431 when it has very many headers, or a very long URL', async () => {
    const headers = Array.from({ length: 5_000 }, (_, index) => `X-${index}: x\r\n`).join('');
    const many = `GET /livez HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
    await expectRefused(await sendBytes(service.url, many), 431, 'headers_too_large');
    const long = `GET /livez?${'x'.repeat(64 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`;
    await expectRefused(await sendBytes(service.url, long), 431, 'headers_too_large');
  });

  it('is refused with 400 when its URL cannot be decoded', async () => {
    for (const path of ['/v1/%zz', '/v1/orgs/%', '/v1/orgs/%e0%a4%a', '/%ff', '/v1/orgs/%c0%ae']) {
      for (const headers of [[], [['X-API-Key', org.manager.key]]] as [string, string][][]) {
        const response = await sendRaw(service.url, { path, headers });
        await expectRefused(response, 400, 'invalid_request');
        expect(valueOf(response, 'x-request-id')).toBeDefined();
        expect(valueOf(response, 'cache-control')).toBe('no-store');
      }
    }
  });

  it('is refused with 404 when its URL is none of ours, in whatever form', async () => {
    const paths = [
      '//v1/whoami',
      '/v1//whoami',
      '/v1/../v1/whoami',
      '/v1/./whoami',
      '/V1/whoami',
      '/v1/whoami;x=1',
      '/v1/whoami%00',
      '/v1/orgs/%00/keys',
      `/v1/orgs/..%2f${org.id}/keys`,
      `/v1/orgs/${org.id}%20/keys`,
      '*',
    ];
    for (const path of paths) {
      const headers: [string, string][] = [['X-API-Key', org.manager.key]];
      const { status, body } = await sendRaw(service.url, { path, headers });
      expect({ path, status, code: body?.code }).toEqual({ path, status: 404, code: 'not_found' });
    }
  });
});
