import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { headOf } from '../../support/history.js';
import { expire, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { refusesEach, refusesOtherBodies, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn } from '../../support/sessions.js';

type Key = Awaited<ReturnType<typeof createKey>>;

describe('POST /v1/verify', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let key: Key;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    key = await createKey(org.member, org);
  });
  afterAll(() => service.stop());

  /** `valid: false` has nothing beside it but the code. */
  function expectDenied(body: ApiResponse['body'], code: string): void {
    expect(body).toEqual({ valid: false, code, authSeq: expect.any(Number) });
  }

  it('responds with VALID for a valid key, whose it is and what it may do', async () => {
    const { status, body, headers } = await withoutTrace(service, () =>
      service.operator.post('/v1/verify', { key: key.secret }),
    );
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      valid: true,
      code: 'VALID',
      authSeq: await headOf(service.db),
      keyId: key.id,
      orgId: org.id,
      ownerId: org.member.userId,
      scope: 'read',
      permissions: ['keys:read', 'org:read', 'telemetry:read'],
      expiresAt: key.body.expiresAt,
    });
  });

  it('responds with null as the expiry of a key that never expires', async () => {
    await org.manager.patch(org.path('/policy'), { allowNoExpiry: true });
    const { secret } = await createKey(await signIn(service, org.member), org, {
      expiresAt: null,
    });
    expect(await verify(service, secret)).toMatchObject({ valid: true, expiresAt: null });
  });

  it('responds with VALID when the key holds the permission that is wanted', async () => {
    const body = await verify(service, key.secret, { permission: 'telemetry:read' });
    expect(body).toMatchObject({ valid: true, code: 'VALID', keyId: key.id });
  });

  it('responds with INSUFFICIENT_PERMISSION and nothing else when it does not', async () => {
    for (const permission of ['telemetry:write', 'telemetry:admin', 'other:read', 'orgs:admin']) {
      const body = await verify(service, key.secret, { permission });
      expectDenied(body, 'INSUFFICIENT_PERMISSION');
    }
  });

  it('lets no action imply another one', async () => {
    const permissions = ['telemetry:admin'];
    const { secret } = await createKey(org.member, org, { scope: 'admin', permissions });
    expect((await verify(service, secret, { permission: 'telemetry:admin' })).valid).toBe(true);
    for (const permission of ['telemetry:read', 'telemetry:write']) {
      expectDenied(await verify(service, secret, { permission }), 'INSUFFICIENT_PERMISSION');
    }
  });

  it('responds with INVALID and nothing else for a key that is not valid, whatever the reason', async () => {
    const revoked = await createKey(org.member, org);
    await org.member.delete(org.path(`/keys/${revoked.id}`));
    const expired = await createKey(org.member, org);
    await expire(service, expired.id);
    for (const { secret } of [revoked, expired]) {
      expectDenied(await verify(service, secret), 'INVALID');
      expectDenied(await verify(service, secret, { permission: 'telemetry:read' }), 'INVALID');
      expectDenied(await verify(service, secret, { permission: 'other:read' }), 'INVALID');
    }
  });

  it('responds with INVALID, and no error, for any text that is no key', async () => {
    const texts = [
      '',
      ' ',
      'nonsense',
      `${key.secret} `,
      ` ${key.secret}`,
      `${key.secret}\n`,
      `Bearer ${key.secret}`,
      key.secret.slice(0, -1),
      key.secret.replace('_', '-'),
      key.secret.toUpperCase(),
      key.id,
      'a\0b',
      'a\ud800b',
      'ключ',
      '__proto__',
      `kf_${'0'.repeat(42)}`,
      'x'.repeat(60_000),
    ];
    for (const text of texts) {
      const { status, body } = await service.operator.post('/v1/verify', { key: text });
      expect(status).toBe(200);
      expectDenied(body, 'INVALID');
    }
  });

  it('accepts any User-Agent that a client can have', async () => {
    for (const userAgent of ['', 'curl/8', 'x'.repeat(5_000), 'a\0b', 'Ψ']) {
      const { body } = await service.operator.post('/v1/verify', { key: key.secret, userAgent });
      expect(body).toMatchObject({ valid: true, code: 'VALID' });
    }
  });

  it('responds with 400 and says which field of the question is wrong', async () => {
    const send = (input: Record<string, unknown>) => service.operator.post('/v1/verify', input);
    await refusesEach(
      service,
      'key',
      { missing: {}, 'no text': { key: 5 }, null: { key: null } },
      send,
    );
    await refusesEach(
      service,
      'permission',
      Object.fromEntries(
        ['', 'telemetry', 'telemetry:', ':read', 'telemetry:delete', '*:read', 'telemetry:*']
          .concat('Telemetry:read', 'telemetry:read ', 'a:b:read', `${'x'.repeat(64)}:read`)
          .map((permission) => [permission, { key: 'x', permission }]),
      ),
      send,
    );
    await refusesEach(
      service,
      'permission',
      {
        'a list': { key: 'x', permission: ['telemetry:read'] },
        null: { key: 'x', permission: null },
      },
      send,
    );
    await refusesEach(
      service,
      'ip',
      Object.fromEntries(
        [
          '',
          'localhost',
          '10.0.0.0/8',
          '10.0.0',
          '010.0.0.1',
          '256.1.1.1',
          '::1/128',
          'fe80::1%eth0',
        ]
          .concat('10.0.0.1:80', '[::1]', '10.0.0.1, 10.0.0.2')
          .map((ip) => [ip, { key: 'x', ip }]),
      ),
      send,
    );
    await refusesEach(service, 'userAgent', { 'no text': { key: 'x', userAgent: 5 } }, send);
    await refusesEach(service, '', { 'unknown field': { key: 'x', permissions: [] } }, send);
    await refusesOtherBodies(service, (body) => service.operator.post('/v1/verify', body));
  });

  it('responds with 401 to a service without a valid key of its own', async () => {
    for (const who of [service.nobody, service.as('nonsense'), service.as(`${key.secret}x`)]) {
      const { status, body } = await who.post('/v1/verify', { key: key.secret });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    }
  });

  it('responds to any key about keys of its own organisation', async () => {
    const readers = [org.manager, org.member, service.as(key.secret)];
    for (const who of readers) {
      const { body } = await who.post('/v1/verify', { key: org.manager.key });
      expect(body).toMatchObject({ valid: true, orgId: org.id, keyId: org.manager.keyId });
    }
  });

  it('responds with INVALID for keys of another organisation, as if they did not exist', async () => {
    const closed = await createKey(org.member, org, { allowedIps: ['10.0.0.0/8'] });
    const questions = [
      { key: key.secret },
      { key: key.secret, permission: 'telemetry:read' },
      { key: key.secret, permission: 'telemetry:write' },
      { key: closed.secret },
      { key: closed.secret, ip: '10.0.0.1' },
      { key: closed.secret, ip: '192.0.2.1' },
    ];
    for (const question of questions) {
      for (const who of [other.manager, other.member]) {
        const { status, body } = await who.post('/v1/verify', question);
        expect(status).toBe(200);
        expectDenied(body, 'INVALID');
      }
    }
    const { body } = await other.manager.post('/v1/verify', { key: service.operator.key });
    expectDenied(body, 'INVALID');
  });

  describe('for a protected service with a key restricted to verify:read', () => {
    let guard: ReturnType<Service['as']>;
    let operatorOrg: string;

    beforeAll(async () => {
      operatorOrg = await operatorOrgId(service);
      const created = await service.operator.post(`/v1/orgs/${operatorOrg}/keys`, {
        name: 'gateway',
        scope: 'read',
        permissions: ['verify:read'],
      });
      expect(created.status).toBe(201);
      guard = service.as(created.body.secret);
    });

    it('responds about keys of every organisation', async () => {
      const secrets = [key.secret, other.manager.key, service.operator.key];
      for (const secret of secrets) {
        const { status, body } = await guard.post('/v1/verify', { key: secret });
        expect(status).toBe(200);
        expect(body).toMatchObject({ valid: true, code: 'VALID' });
      }
    });

    it('lets that key do nothing else', async () => {
      expect((await guard.get('/v1/whoami')).body.permissions).toEqual(['verify:read']);
      const refused: [Promise<ApiResponse>, number][] = [
        [guard.get('/v1/orgs'), 403],
        [guard.get('/v1/users'), 403],
        [guard.post('/v1/users', { email: 'a@example.com', name: 'A' }), 403],
        [guard.post('/v1/orgs', { name: 'A', slug: 'a', grants: [] }), 403],
        [guard.get(`/v1/orgs/${operatorOrg}`), 403],
        [guard.get(`/v1/orgs/${operatorOrg}/keys`), 403],
        [guard.post(`/v1/orgs/${operatorOrg}/keys`, { name: 'x', scope: 'read' }), 403],
        [guard.get(`/v1/orgs/${operatorOrg}/audit-events`), 403],
        [guard.post(`/v1/orgs/${operatorOrg}/suspend`), 403],
        [guard.get(org.path()), 404],
        [guard.get(org.path('/keys')), 404],
        [guard.delete(org.path(`/keys/${key.id}`)), 404],
        [guard.get('/v1/forward-auth/telemetry:read'), 403],
      ];
      for (const [response, status] of refused) expect((await response).status).toBe(status);
      expect(await verify(service, key.secret)).toMatchObject({ valid: true });
    });

    it('ends with that key', async () => {
      const { keyId } = (await guard.get('/v1/whoami')).body as { keyId: string };
      await service.operator.delete(`/v1/orgs/${operatorOrg}/keys/${keyId}`);
      const { status } = await guard.post('/v1/verify', { key: key.secret });
      expect(status).toBe(401);
    });
  });
});
