import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METHODS } from 'node:http';
import { headOf } from '../../support/history.js';
import { expire } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { sendRaw, valueOf, type RawResponse, type RawRequest } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

describe('ANY /v1/forward-auth/{permission or any}', () => {
  let service: Service;
  let org: Organisation;
  let key: Awaited<ReturnType<typeof createKey>>;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    key = await createKey(org.member, org);
  });
  afterAll(() => service.stop());

  /** As a proxy sends it, with the key of the client. */
  const ask = (path: string, request: Partial<RawRequest> = {}): Promise<RawResponse> =>
    sendRaw(service.url, {
      path: `/v1/forward-auth/${path}`,
      ...request,
      headers: [['Authorization', `Bearer ${key.secret}`], ...(request.headers ?? [])],
    });

  const keyfenceHeaders = ({ headers }: RawResponse) =>
    Object.fromEntries(headers.filter(([name]) => name.startsWith('x-keyfence')));

  function expectPass(response: RawResponse): void {
    expect(response.status).toBe(204);
    expect(keyfenceHeaders(response)).toEqual({
      'x-keyfence-org': org.id,
      'x-keyfence-owner': org.member.userId,
      'x-keyfence-key': key.id,
      'x-keyfence-permissions': 'keys:read,org:read,telemetry:read',
    });
  }

  it('responds with 204 and who it is to a key that holds the permission, and to any key for any', async () => {
    for (const path of ['any', 'telemetry:read', 'telemetry%3Aread']) {
      const response = await ask(path);
      expectPass(response);
      expect(response.text.endsWith('\r\n\r\n')).toBe(true);
      expect(valueOf(response, 'cache-control')).toBe('no-store');
    }
  });

  it('takes the key from X-API-Key, too', async () => {
    expectPass(
      await sendRaw(service.url, {
        path: '/v1/forward-auth/any',
        headers: [['X-API-Key', key.secret]],
      }),
    );
  });

  it('responds to every method alike', async () => {
    // CONNECT asks for a tunnel: no proxy sends it on.
    for (const method of METHODS.filter((one) => one !== 'CONNECT')) {
      const pass = await ask('telemetry:read', { method });
      expect({ method, status: pass.status }).toEqual({ method, status: 204 });
      expectPass(pass);
      const { status } = await ask('telemetry:write', { method });
      expect({ method, status }).toEqual({ method, status: 403 });
    }
  });

  const bodies: Record<string, Partial<RawRequest>> = {
    'a body that is no JSON': {
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', '9'],
      ],
      body: '{"broken"',
    },
    'a body that the proxy announces and keeps': {
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', '0'],
      ],
    },
    'a body without a type': { headers: [['Content-Length', '3']], body: 'abc' },
    'an upload': {
      headers: [
        ['Content-Type', 'multipart/form-data; boundary=x'],
        ['Content-Length', '3'],
      ],
      body: '--x',
    },
    'a form': {
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Content-Length', '3'],
      ],
      body: 'a=b',
    },
    'a type that is none': { headers: [['Content-Type', '/;;=']] },
    'a body in chunks': {
      headers: [
        ['Content-Type', 'text/plain'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: '3\r\nabc\r\n0\r\n\r\n',
    },
    'a body that is larger than any of ours may be': {
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', '200000'],
      ],
      body: 'x'.repeat(200_000),
    },
  };
  for (const [what, request] of Object.entries(bodies)) {
    it(`does not mind ${what}`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        expectPass(await ask('any', { method, ...request }));
      }
      const { status } = await ask('other:read', { method: 'POST', ...request });
      expect(status).toBe(403);
    });
  }

  it('does not mind what the client expects or upgrades to', async () => {
    for (const expectation of ['100-continue', 'a miracle']) {
      expectPass(await ask('any', { method: 'POST', headers: [['Expect', expectation]] }));
    }
    expectPass(
      await ask('any', {
        headers: [
          ['Connection', 'Upgrade'],
          ['Upgrade', 'websocket'],
        ],
      }),
    );
  });

  it('responds with 403 to a valid key without the permission, and names it', async () => {
    for (const permission of ['telemetry:write', 'other:read', 'orgs:admin']) {
      const response = await ask(permission);
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ code: 'insufficient_permission', permission });
      expect(keyfenceHeaders(response)).toEqual({});
    }
  });

  it('responds with 403 to a valid key when the permission of the path is none', async () => {
    const paths = ['telemetry', 'ANY', 'telemetry:*', '*', 'constructor', '__proto__', '%00', 'Ψ'];
    for (const path of [...paths.map(encodeURI), 'x'.repeat(5_000)]) {
      const response = await ask(path);
      expect({ path, status: response.status }).toEqual({ path, status: 403 });
      expect(response.body.code).toBe('insufficient_permission');
    }
  });

  it('responds with 403 to a key that may not be used from here', async () => {
    const { secret } = await createKey(org.member, org, { allowedIps: ['10.0.0.0/8'] });
    const { status, body } = await service.as(secret).get('/v1/forward-auth/any');
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'ip_not_allowed' });
  });

  it('responds with 401 to a request without a valid key', async () => {
    const revoked = await createKey(org.member, org);
    await org.member.delete(org.path(`/keys/${revoked.id}`));
    const expired = await createKey(org.member, org);
    await expire(service, expired.id);
    const bad: [string, string][][] = [
      [],
      [['X-API-Key', 'nonsense']],
      [['X-API-Key', revoked.secret]],
      [['X-API-Key', expired.secret]],
      [['Authorization', 'Basic YTpi']],
    ];
    for (const headers of bad) {
      for (const path of ['any', 'telemetry:read', 'no-permission']) {
        const response = await sendRaw(service.url, { path: `/v1/forward-auth/${path}`, headers });
        expect(response.status).toBe(401);
        expect(response.body.code).toBe('unauthenticated');
        expect(valueOf(response, 'www-authenticate')).toBe('Bearer realm="keyfence"');
        expect(keyfenceHeaders(response)).toEqual({});
      }
    }
  });

  it('responds with 401, not 400, to a request with two keys', async () => {
    const others: [string, string][] = [
      ['X-API-Key', key.secret],
      ['Authorization', `Bearer ${key.secret}`],
    ];
    for (const other of others) {
      const response = await ask('any', { headers: [other] });
      expect(response.status).toBe(401);
      expect(response.body.code).toBe('unauthenticated');
    }
  });

  it('responds with 401, not 400 or 404, to whatever else a client writes into the URL', async () => {
    const paths = [
      `any?key=${key.secret}`,
      `any/things?key=${key.secret.replace('_', '%5f')}`,
      'any/%zz',
      '%zz',
      '',
      '/any',
    ];
    for (const path of paths) {
      const response = await ask(path);
      expect({ path, status: response.status }).toEqual({ path, status: 401 });
      expect(response.body.code).toBe('unauthenticated');
    }
    const { status } = await sendRaw(service.url, { path: '/v1/forward-auth' });
    expect(status).toBe(401);
  });

  it('lets a proxy put the path and query of its client behind the permission', async () => {
    for (const rest of [
      '/',
      '/api/things',
      '/api/things?a=1&a=2',
      '/a//b/../any',
      '/%2e%2e/any',
      '?',
    ]) {
      expectPass(await ask(`telemetry:read${rest}`));
      expect((await ask(`telemetry:write${rest}`)).status).toBe(403);
    }
  });

  it('takes the permission from the path alone', async () => {
    const wishes: [string, string][] = [
      ['X-Keyfence-Permissions', 'telemetry:write'],
      ['X-Original-URL', '/v1/forward-auth/any'],
      ['X-Forwarded-Uri', '/v1/forward-auth/any'],
      ['X-Rewrite-URL', '/v1/forward-auth/any'],
      ['X-HTTP-Method-Override', 'GET'],
    ];
    const { status } = await ask('telemetry:write?permission=any', { headers: wishes });
    expect(status).toBe(403);
  });

  it('changes nothing and leaves no trace in the history', async () => {
    const before = await headOf(service.db);
    await ask('any', { method: 'DELETE' });
    await ask('telemetry:write', { method: 'POST' });
    expect(await headOf(service.db)).toBe(before);
  });

  it('responds with 503, not 500, when something is wrong with the service itself', async () => {
    await service.db.query('ALTER TABLE auth_head RENAME TO auth_head_away');
    try {
      for (const path of ['any', 'telemetry:read']) {
        const response = await ask(path);
        expect(response.status).toBe(503);
        expect(response.body.code).toBe('unavailable');
        expect(valueOf(response, 'retry-after')).toBe('1');
      }
    } finally {
      await service.db.query('ALTER TABLE auth_head_away RENAME TO auth_head');
    }
    expectPass(await ask('any'));
  });
});
