import { after, before, describe, it } from 'node:test';
import { METHODS } from 'node:http';
import { expect } from 'expect';
import { headOf } from '../../support/history.js';
import { expire } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { sendRaw, valueOf, type RawAnswer, type RawRequest } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

describe('ANY /v1/forward-auth/{permission or any}', () => {
  let service: Service;
  let org: Organisation;
  let key: Awaited<ReturnType<typeof createKey>>;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    key = await createKey(org.member, org);
  });
  after(() => service.stop());

  /** As a proxy sends it, with the key of the client. */
  const ask = (path: string, request: Partial<RawRequest> = {}): Promise<RawAnswer> =>
    sendRaw(service.url, {
      path: `/v1/forward-auth/${path}`,
      ...request,
      headers: [['Authorization', `Bearer ${key.secret}`], ...(request.headers ?? [])],
    });

  const keyfenceHeaders = ({ headers }: RawAnswer) =>
    Object.fromEntries(headers.filter(([name]) => name.startsWith('x-keyfence')));

  function expectPass(answer: RawAnswer): void {
    expect(answer.status).toBe(204);
    expect(keyfenceHeaders(answer)).toEqual({
      'x-keyfence-org': org.id,
      'x-keyfence-owner': org.member.userId,
      'x-keyfence-key': key.id,
      'x-keyfence-permissions': 'keys:read,org:read,telemetry:read',
    });
  }

  it('answers 204 and who it is to a key that holds the permission, and to any key for any', async () => {
    for (const path of ['any', 'telemetry:read', 'telemetry%3Aread']) {
      const answer = await ask(path);
      expectPass(answer);
      expect(answer.text.endsWith('\r\n\r\n')).toBe(true);
      expect(valueOf(answer, 'cache-control')).toBe('no-store');
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

  it('answers every method alike', async () => {
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

  it('answers 403 to a good key without the permission, and names it', async () => {
    for (const permission of ['telemetry:write', 'other:read', 'orgs:admin']) {
      const answer = await ask(permission);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'insufficient_permission', permission });
      expect(keyfenceHeaders(answer)).toEqual({});
    }
  });

  it('answers 403 to a good key when the permission of the path is none', async () => {
    const paths = ['telemetry', 'ANY', 'telemetry:*', '*', 'constructor', '__proto__', '%00', 'Ψ'];
    for (const path of [...paths.map(encodeURI), 'x'.repeat(5_000)]) {
      const answer = await ask(path);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(answer.body.code).toBe('insufficient_permission');
    }
  });

  it('answers 403 to a key that may not be used from here', async () => {
    const { secret } = await createKey(org.member, org, { allowedIps: ['10.0.0.0/8'] });
    const { status, body } = await service.as(secret).get('/v1/forward-auth/any');
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'ip_not_allowed' });
  });

  it('answers 401 to a request without a good key', async () => {
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
        const answer = await sendRaw(service.url, { path: `/v1/forward-auth/${path}`, headers });
        expect(answer.status).toBe(401);
        expect(answer.body.code).toBe('unauthenticated');
        expect(valueOf(answer, 'www-authenticate')).toBe('Bearer realm="keyfence"');
        expect(keyfenceHeaders(answer)).toEqual({});
      }
    }
  });

  it('answers 401, not 400, to a request with two keys', async () => {
    for (const header of ['X-API-Key', 'Authorization']) {
      const answer = await ask('any', { headers: [[header, key.secret]] });
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('unauthenticated');
    }
  });

  it('answers 401, not 400 or 404, to whatever else a client writes into the URL', async () => {
    const paths = [
      `any?key=${key.secret}`,
      `any/things?key=${key.secret.replace('_', '%5f')}`,
      'any/%zz',
      '%zz',
      '',
      '/any',
    ];
    for (const path of paths) {
      const answer = await ask(path);
      expect({ path, status: answer.status }).toEqual({ path, status: 401 });
      expect(answer.body.code).toBe('unauthenticated');
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

  it('answers 503, not 500, when something is wrong with the service itself', async () => {
    await service.db.query('ALTER TABLE auth_head RENAME TO auth_head_away');
    try {
      for (const path of ['any', 'telemetry:read']) {
        const answer = await ask(path);
        expect(answer.status).toBe(503);
        expect(answer.body.code).toBe('unavailable');
        expect(valueOf(answer, 'retry-after')).toBe('1');
      }
    } finally {
      await service.db.query('ALTER TABLE auth_head_away RENAME TO auth_head');
    }
    expectPass(await ask('any'));
  });
});
