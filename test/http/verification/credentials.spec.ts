import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { headOf } from '../../support/history.js';
import { sendRaw, valueOf, type RawResponse } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

type Headers = [name: string, value: string][];

describe('the key of a request', () => {
  let service: Service;
  let org: Organisation;
  let key: string;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    key = (await createKey(org.member, org)).secret;
  });
  afterAll(() => service.stop());

  /** Asks who it is, and for what the guard of all other routes leads to: both must agree. */
  async function whoami(headers: Headers): Promise<RawResponse> {
    const response = await sendRaw(service.url, { path: '/v1/whoami', headers });
    const managed = await sendRaw(service.url, { path: org.path('/keys'), headers });
    expect(managed.status).toBe(response.status);
    if (response.status === 401) expectRefused(managed);
    return response;
  }

  function expectRefused(response: RawResponse): void {
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(valueOf(response, 'www-authenticate')).toBe('Bearer realm="keyfence"');
  }

  it('travels as Authorization: Bearer, whatever the case of the scheme and the name', async () => {
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
        expect((await whoami([[name, `${scheme} ${key}`]])).status).toBe(200);
      }
    }
    expect((await whoami([['Authorization', `Bearer   ${key}  `]])).status).toBe(200);
  });

  it('travels as X-API-Key, whatever the case of the name', async () => {
    for (const name of ['X-API-Key', 'x-api-key', 'X-Api-KEY']) {
      expect((await whoami([[name, key]])).status).toBe(200);
    }
  });

  it('is found beside headers that are empty, or of another scheme, in any order', async () => {
    const password: Headers[number] = ['Authorization', 'Basic YTpi'];
    const rows: Headers[] = [
      [['X-API-Key', key], password],
      [
        ['X-API-Key', key],
        ['Authorization', ''],
      ],
      [
        ['X-API-Key', key],
        ['x-api-key', ''],
      ],
      [
        ['X-API-Key', ' '],
        ['x-api-key', key],
      ],
      [password, ['Authorization', `Bearer ${key}`]],
      [['Authorization', `bearer ${key}`], password, ['X-API-Key', '']],
    ];
    for (const headers of rows) {
      for (const each of [headers, headers.toReversed()]) {
        expect((await whoami(each)).status).toBe(200);
      }
    }
  });

  it('is the same key in both headers', async () => {
    const bearer = await whoami([['Authorization', `Bearer ${key}`]]);
    const header = await whoami([['X-API-Key', key]]);
    expect(bearer.body).toEqual(header.body);
  });

  it('is judged by the service that it was sent to, where a process has several', async () => {
    const another = await startService();
    try {
      for (const path of ['/v1/whoami', '/v1/orgs']) {
        expect((await another.operator.get(path)).status).toBe(200);
        expect((await service.operator.get(path)).status).toBe(200);
        expect((await service.as(another.operator.key ?? '').get(path)).status).toBe(401);
        expect((await another.as(service.operator.key ?? '').get(path)).status).toBe(401);
      }
    } finally {
      await another.stop();
    }
    expect((await service.operator.get('/v1/orgs')).status).toBe(200);
  });

  const twice: Record<string, (secret: string) => Headers> = {
    'both headers with one key': (secret) => [
      ['Authorization', `Bearer ${secret}`],
      ['X-API-Key', secret],
    ],
    'both headers the other way round': (secret) => [
      ['x-api-key', secret],
      ['authorization', `Bearer ${secret}`],
    ],
    'X-API-Key twice': (secret) => [
      ['X-API-Key', secret],
      ['X-Api-Key', secret],
    ],
    'Authorization twice': (secret) => [
      ['Authorization', `Bearer ${secret}`],
      ['authorization', `Bearer ${secret}`],
    ],
    'a key and half of one': (secret) => [
      ['X-API-Key', secret],
      ['Authorization', 'Bearer'],
    ],
  };
  for (const [what, headers] of Object.entries(twice)) {
    it(`is refused with 400 when a request carries ${what}, and nothing is changed`, async () => {
      const before = await headOf(service.db);
      const response = await sendRaw(service.url, {
        method: 'POST',
        path: org.path('/keys'),
        headers: [
          ...headers(org.manager.key),
          ['Content-Type', 'application/json'],
          ['Content-Length', '30'],
        ],
        body: JSON.stringify({ name: 'two', scope: 'read' }).padEnd(30),
      });
      expect(response.status).toBe(400);
      expect(response.body).toEqual({
        type: 'urn:keyfence:problem:ambiguous_credentials',
        title: 'Send exactly one API key, in one header.',
        status: 400,
        code: 'ambiguous_credentials',
      });
      expect(await headOf(service.db)).toBe(before);
      const { body } = await org.manager.get(org.path('/keys?search=two'));
      expect(body.items).toEqual([]);
    });
  }

  it('is refused with 401 and WWW-Authenticate when there is none, or nothing in it', async () => {
    const none: Headers[] = [
      [],
      [['X-API-Key', '']],
      [['X-API-Key', '   ']],
      [['Authorization', '']],
      [['Authorization', 'Bearer']],
      [['Authorization', 'Bearer  ']],
      [['Authorization', key]],
      [['Authorization', `Bearer${key}`]],
      [['Authorization', `Bearer\t${key}`]],
      [['Authorization', `Basic ${Buffer.from(`${key}:`).toString('base64')}`]],
      [['Authorization', `Basic ${Buffer.from(`user:${key}`).toString('base64')}`]],
      [['Authorization', `Token ${key}`]],
      [['Authorization', `Bearer Bearer ${key}`]],
      [['X-API-Key', `Bearer ${key}`]],
      [['Proxy-Authorization', `Bearer ${key}`]],
      [['X-API-Keys', key]],
      [['Cookie', `key=${key}`]],
    ];
    for (const headers of none) expectRefused(await whoami(headers));
  });

  it('is refused with 401 when it is not exactly one key', async () => {
    const almost = [
      `${key},${key}`,
      `${key}, ${key}`,
      `${key} ${key}`,
      `${key}x`,
      key.slice(0, -1),
      key.toUpperCase(),
      key.replace('_', '-'),
      `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`,
      'x'.repeat(5_000),
      'ключ',
      '\x80\xff',
      "' OR 1=1 --",
      '__proto__',
    ];
    for (const secret of almost) {
      expectRefused(await whoami([['X-API-Key', secret]]));
      expectRefused(await whoami([['Authorization', `Bearer ${secret}`]]));
    }
  });

  it('is refused with 400 anywhere in a URL, also percent-encoded, and does not count', async () => {
    const encoded = [...key].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');
    const paths = [
      `/v1/whoami?key=${key}`,
      `/v1/whoami?api_key=${key}&x=1`,
      `/v1/whoami?${key}`,
      `/v1/whoami?key=${encoded}`,
      `/v1/whoami?key=${encoded.toUpperCase()}`,
      `/v1/whoami?key=${encodeURIComponent(encoded)}`,
      `/v1/whoami?key=${key.replace('_', '%5f')}`,
      `/v1/whoami?broken=%zz&key=${key.replace('_', '%5f')}`,
      `/v1/whoami?broken=%e2%82&key=${encoded}`,
      `/v1/whoami/${key}`,
      `/${key}`,
      `/${encoded}`,
      `/v1/orgs/${org.id}/keys/${key}`,
      `/v1/orgs/${org.id}/keys?search=${key}`,
      `/v1/%zz/${key}`,
      `/v1/nothing-like-that?key=${key}`,
      `/livez?key=${key}`,
      `/v1/whoami#${key}`,
    ];
    for (const path of paths) {
      for (const headers of [[], [['X-API-Key', org.manager.key]]] as Headers[]) {
        const response = await sendRaw(service.url, { path, headers });
        expect({ path, status: response.status }).toEqual({ path, status: 400 });
        expect(response.body).toEqual({
          type: 'urn:keyfence:problem:key_in_url',
          title: 'An API key must never travel in a URL.',
          status: 400,
          code: 'key_in_url',
        });
        expect(response.text).not.toContain(key.slice(3));
      }
    }
    expect(service.log.join('\n')).not.toContain(key.slice(3));
    expect(service.log.join('\n')).not.toContain(encoded);
  });

  it('in a URL changes nothing', async () => {
    const before = await headOf(service.db);
    const { status, body } = await org.manager.post(`${org.path('/keys')}?key=${key}`, {
      name: 'in a URL',
      scope: 'read',
    });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'key_in_url' });
    expect(await headOf(service.db)).toBe(before);
  });
});
