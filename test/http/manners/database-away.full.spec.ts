import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import type { ApiResponse, Method } from '../../support/client.js';
import { isFull } from '../../support/environment.js';
import { eventually } from '../../support/eventually.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { collectRoutes } from '../../support/routes.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { Browser, sameOrigin, signIn } from '../../support/sessions.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { itUnless } from '../../support/unless.js';

describe('while the database is away', () => {
  const routes = new Set<string>();
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  /** Reaches the database through the proxy alone. */
  let node: SecondService;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    proxy = await TcpProxy.start(service.settings.databaseUrl);
    node = await startSecondService(service, {
      settings: { databaseUrl: proxy.url(service.settings.databaseUrl) },
      beforeRoutes: (app) => {
        collectRoutes(app, routes);
      },
    });
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await node.stop();
    await proxy.close();
    await service.stop();
  });

  function expectUnavailable({ status, body, headers }: ApiResponse, code = 'unavailable'): void {
    expect({ status, code: body?.code }).toEqual({ status: 503, code });
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body as object).sort()).toEqual(['code', 'status', 'title', 'type']);
  }

  /** Every method and path of the router, with identifiers that exist. */
  const open = [
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/docs/:file',
    '/v1/revoke',
  ];

  function guardedRoutes(): [Method, string][] {
    const paths = [...routes]
      .map((route) => route.split(' ') as [Method, string])
      .filter(([method, path]) => method !== 'HEAD' && !open.includes(path))
      // The console is no part of the API, and no key opens a session.
      .filter(
        ([, path]) =>
          path.startsWith('/v1/') && !/^\/v1\/(session|sign-in|installation\/data)/.test(path),
      )
      // `fetch` cannot send the rarer methods, which only forward-auth responds to.
      .filter(([method]) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
    return paths.map(([method, path]) => [
      method,
      path
        .replace(':orgId', org.id)
        .replace(':userId', org.member.userId)
        .replace(':keyId', org.member.keyId)
        .replace(':permission', 'any')
        .replace('*', 'things'),
    ]);
  }

  it('every guarded route responds with 503, never 401, to every well-formed key', async () => {
    const unknown = await createKey(org.member, org);
    await service.db.query('DELETE FROM key_secrets WHERE key_id = $1', [unknown.id]);
    proxy.cut();
    const all = guardedRoutes();
    expect(all.length).toBeGreaterThan(30);
    for (const key of [org.manager.key, service.operator.key ?? '', unknown.secret]) {
      if (key === unknown.secret) await proxy.refuse();
      for (const [method, path] of all) {
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        expectUnavailable(await node.as(key).call(method, path, body));
      }
    }
  });

  it('a session gets 503, never 401, and goes on when it is back', async () => {
    const { cookie } = await signIn(service, org.manager);
    const browser = new Browser(node.nobody, node.url, cookie);
    proxy.cut();
    for (const path of ['/v1/session', org.path('/keys')]) {
      expectUnavailable(await browser.get(path));
    }
    const body = { token: newSecret('link') };
    expectUnavailable(await node.nobody.post('/v1/session', body, sameOrigin(node.url)));
    await proxy.heal();
    expect(
      (
        await eventually(async () => {
          const response = await browser.get('/v1/session');
          return response.status !== 503 && response;
        })
      ).status,
    ).toBe(200);
  });

  it('a request without a key, or with no key at all in it, still gets 401', async () => {
    proxy.cut();
    expect((await node.nobody.get('/v1/whoami')).status).toBe(401);
    expect((await node.as('nonsense').get('/v1/whoami')).status).toBe(401);
    expect((await node.as(`kf_${'0'.repeat(42)}`).get('/v1/forward-auth/any')).status).toBe(401);
  });

  it('/livez responds with 200 and /readyz 503 with Retry-After; both 200 again when it is back', async () => {
    expect((await node.nobody.get('/readyz')).body).toEqual({ status: 'ok' });
    proxy.cut();
    expect((await node.nobody.get('/livez')).body).toEqual({ status: 'ok' });
    expectUnavailable(await node.nobody.get('/readyz'));
    await proxy.heal();
    expect((await node.nobody.get('/livez')).status).toBe(200);
    expect((await node.nobody.get('/readyz')).status).toBe(200);
  });

  it('nothing is lost permanently: the same process responds as soon as it is back', async () => {
    const key = await createKey(org.member, org);
    const caller = node.as(org.manager.key);
    for (let round = 0; round < 4; round += 1) {
      if (round % 2 === 0) proxy.cut();
      else await proxy.refuse();
      expectUnavailable(await node.as(key.secret).get('/v1/whoami'));
      expectUnavailable(await caller.patch(org.path(), { name: `Round ${round}` }));
      await proxy.heal();
      expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(200);
      expect((await caller.patch(org.path(), { name: `Round ${round}` })).status).toBe(200);
    }
    await service.as(org.manager.key).delete(org.path(`/keys/${key.id}`));
    expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(401);
  });

  it('many requests at once all get 503, and all succeed again afterwards', async () => {
    const ask = () =>
      Promise.all(Array.from({ length: 60 }, () => node.as(org.member.key).get('/v1/whoami')));
    proxy.cut();
    for (const response of await ask()) expectUnavailable(response);
    await proxy.heal();
    for (const { status } of await ask()) expect(status).toBe(200);
  });

  it('a change that had not begun to commit gets 503, and is not made', async () => {
    const key = await createKey(org.member, org);
    await using holder = await hold(
      service.db,
      'SELECT FROM organisations WHERE id = $1 FOR UPDATE',
      [org.id],
    );
    const response = node.as(org.manager.key).delete(org.path(`/keys/${key.id}`));
    await untilWaiting(service.db);
    proxy.cut();
    expectUnavailable(await response);
    await holder.rollback();
    expect((await service.as(key.secret).get('/v1/whoami')).status).toBe(200);
  });

  it('what waits too long for somebody who locks a table gets 503 "busy"', async () => {
    await using holder = await hold(service.db, 'LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE');
    expectUnavailable(await node.as(org.manager.key).get(org.path('/audit-events')), 'busy');
    await holder.rollback();
  });

  it('a verification that waits too long for a table gets 503, and well again', async () => {
    // Of a key that the node knows already it needs no more than the history.
    const key = await createKey(org.member, org);
    await using holder = await hold(service.db, 'LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE');
    expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(503);
    await holder.rollback();
    expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(200);
  });

  it('a change whose commit was under way gets 503 "unknown", and can be repeated', async () => {
    const key = await createKey(org.member, org);
    await using holder = await hold(service.db, 'SELECT FROM auth_head FOR UPDATE');
    const response = node.as(org.manager.key).delete(org.path(`/keys/${key.id}`));
    await untilWaiting(service.db);
    proxy.cut();
    expectUnavailable(await response, 'outcome_unknown');
    await holder.rollback();
    await proxy.heal();
    const repeated = await node.as(org.manager.key).delete(org.path(`/keys/${key.id}`));
    expect({ status: repeated.status, state: repeated.body.state }).toEqual({
      status: 200,
      state: 'revoked',
    });
    expect((await node.as(key.secret).get('/v1/whoami')).status).toBe(401);
    const { body } = await org.manager.get(org.path(`/audit-events?target=${key.id}`));
    const actions = (body.items as { action: string }[]).map(({ action }) => action);
    expect(actions).toEqual(['key.revoked', 'key.created']);
  });

  const isLong = isFull ? false : 'takes 8 s: in npm run test:full';
  itUnless(isLong, 'silently, every request gets 503 in the end', async () => {
    expect((await node.nobody.get('/readyz')).status).toBe(200);
    proxy.silence();
    const asking = [
      node.nobody.get('/readyz'),
      node.as(org.member.key).get('/v1/whoami'),
      node.as(org.member.key).get('/v1/forward-auth/any'),
      node.as(org.member.key).post('/v1/verify', { key: org.member.key }),
      node.as(org.manager.key).patch(org.path(), { name: 'Silent' }),
    ];
    for (const response of await Promise.all(asking)) expectUnavailable(response);
    await proxy.heal();
    const statuses = async () => [
      (await node.as(org.member.key).get('/v1/whoami')).status,
      (await node.as(org.manager.key).patch(org.path(), { name: 'Back' })).status,
    ];
    // Connections that broke meanwhile are noticed one by one.
    while ((await statuses()).includes(503));
    expect(await statuses()).toEqual([200, 200]);
  });
});

describe('a database that is far away', () => {
  // One query takes 80 ms then; a new connection takes several messages in each direction.
  it('is waited for, also where a connection takes longer than a verification may', async () => {
    const service = await startService();
    const proxy = await TcpProxy.start(service.settings.databaseUrl);
    const databaseUrl = proxy.url(service.settings.databaseUrl);
    const node = await startSecondService(service, {
      settings: { databaseUrl, fenceTimeout: 250 },
    });
    try {
      proxy.cut();
      await proxy.heal();
      proxy.slow(40);
      const key = node.as(service.operator.key ?? '');
      await eventually(async () => (await key.get('/v1/whoami')).status === 200);
    } finally {
      await node.stop();
      await proxy.close();
      await service.stop();
    }
  });
});
