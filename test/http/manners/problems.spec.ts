import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, type ProblemCode } from '../../../src/common/errors.js';
import type { ApiResponse, Method } from '../../support/client.js';
import { headOf } from '../../support/history.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { missing } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('every refusal', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  function expectDocument(response: ApiResponse, code: ProblemCode, members: string[] = []): void {
    const { status, title } = catalogue[code];
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.body).toMatchObject({
      type: `urn:keyfence:problem:${code}`,
      title,
      status,
      code,
    });
    const usual = ['type', 'title', 'status', 'code'];
    expect(Object.keys(response.body).sort()).toEqual([...usual, ...members].sort());
    expect(response.text).not.toMatch(/\bat .+:\d+|node_modules|select |\/src\//i);
  }

  it('is a problem document (RFC 9457) with a stable code: 400 says what is wrong, and where', async () => {
    const response = await org.manager.post(org.path('/keys'), { name: '', scope: 'all', more: 1 });
    expectDocument(response, 'invalid_request', ['detail', 'errors']);
    const errors = response.body.errors as { path: string; message: string }[];
    expect(errors.map(({ path }) => path).sort()).toEqual(['', 'name', 'scope']);
    for (const { path, message } of errors) {
      expect(response.body.detail).toContain(path === '' ? message : `${path}: ${message}`);
    }
  });

  it('is one with 401', async () => {
    expectDocument(await service.nobody.get('/v1/whoami'), 'unauthenticated');
  });

  it('is one with 403, which names the permission, and to members whom to ask', async () => {
    const toMember = await org.member.get(org.path('/members'));
    expectDocument(toMember, 'insufficient_permission', ['detail', 'permission', 'managers']);
    expect(toMember.body).toMatchObject({ permission: 'members:read', managers: ['A manager'] });
    expect(toMember.body.detail).toContain('members:read');
    expect(toMember.body.detail).toContain('A manager');
    const toManager = await org.manager.get('/v1/users');
    expectDocument(toManager, 'insufficient_permission', ['detail', 'permission']);
    expect(toManager.body.permission).toBe('users:read');
  });

  it('is one with 404, the same for what is missing and for what is somebody else’s', async () => {
    const other = await createOrganisation(service);
    const responses = [
      await org.manager.get(`/v1/orgs/${missing.org}`),
      await org.manager.get(other.path()),
      await org.manager.get('/v1/orgs/nothing'),
      await org.manager.get(`/v1/orgs/org_${'x'.repeat(3_000)}`),
      await org.manager.get(org.path(`/keys/${missing.key}`)),
      await org.manager.get(org.path(`/keys/${other.manager.keyId}`)),
      await org.manager.get(org.path(`/keys/${'x'.repeat(3_000)}`)),
      await org.manager.get('/v1/nothing'),
    ];
    for (const response of responses) expectDocument(response, 'not_found');
    expect(new Set(responses.map(({ text }) => text)).size).toBe(1);
  });

  it('is one with 409 and 422', async () => {
    const { slug } = org;
    const taken = await service.operator.post('/v1/orgs', { name: 'A', slug, grants: [] });
    expectDocument(taken, 'slug_taken');
    const wider = await org.manager.patch(org.path(`/keys/${org.member.keyId}`), {
      expiresAt: '2999-01-01',
    });
    expectDocument(wider, 'not_narrower', ['detail']);
  });

  it('is one with 500, which says nothing of the inside, while the log says why', async () => {
    await service.db.query('ALTER TABLE auth_head RENAME TO auth_head_away');
    const response = await org.manager.get('/v1/whoami');
    await service.db.query('ALTER TABLE auth_head_away RENAME TO auth_head');
    expectDocument(response, 'internal');
    const id = response.headers.get('x-request-id') ?? '';
    const line = service.log.find((each) => each.includes(id) && each.includes('auth_head'));
    expect(line).toBeDefined();
  });

  it('responds with 404 to an unknown route, for every caller', async () => {
    for (const who of [service.nobody, service.as('nonsense'), org.manager, service.operator]) {
      for (const path of ['/v1', '/v1/', '/v2/whoami', '/favicon.ico', '/.env', '/v1/whoami/']) {
        expectDocument(await who.get(path), 'not_found');
      }
    }
  });

  it('responds with 405 to a known path with another method, names the others, and does nothing', async () => {
    const head = await headOf(service.db);
    const wrong: [method: Method, path: string, allow: string][] = [
      ['POST', '/v1/whoami', 'GET, HEAD'],
      ['GET', '/v1/verify', 'POST'],
      ['GET', '/v1/verify?unknown=1', 'POST'],
      ['PUT', org.path('/keys'), 'GET, HEAD, POST'],
      ['DELETE', org.path(), 'GET, HEAD, PATCH'],
      ['POST', org.path(`/keys/${missing.key}`), 'DELETE, GET, HEAD, PATCH'],
      ['PUT', `/v1/users/${org.member.userId}`, 'GET, HEAD, PATCH'],
      ['POST', '/livez', 'GET, HEAD'],
      ['PUT', '/openapi.json', 'GET, HEAD'],
      ['OPTIONS', org.path('/keys'), 'GET, HEAD, POST'],
      ['POST', '/', 'GET, HEAD'],
      ['DELETE', `/${org.id}/configuration/keys`, 'GET, HEAD'],
    ];
    for (const who of [service.nobody, service.operator]) {
      for (const [method, path, allow] of wrong) {
        for (const type of ['application/json', 'text/plain']) {
          const response = await who.call(method, path, method === 'GET' ? undefined : {}, {
            'content-type': type,
          });
          expect({ path, status: response.status }).toEqual({ path, status: 405 });
          expectDocument(response, 'method_not_allowed');
          expect(response.headers.get('allow')).toBe(allow);
        }
      }
    }
    const head405 = await service.operator.call('HEAD', '/v1/verify');
    expect([head405.status, head405.headers.get('allow'), head405.text]).toEqual([405, 'POST', '']);
    expect(await headOf(service.db)).toBe(head);
  });

  it('responds with 404 to an unknown path with any method', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      for (const path of ['/v1/nothing', '/v1/verify/', '/assets', '/V1/verify', org.path('/x')]) {
        const response = await service.operator.call(method, path);
        expect({ path, allow: response.headers.get('allow') }).toEqual({ path, allow: null });
        expectDocument(response, 'not_found');
      }
    }
  });

  it('responds with 400 to a query parameter that the list does not know, or that comes twice', async () => {
    const lists = [
      '/v1/orgs',
      '/v1/users',
      org.path('/keys'),
      org.path('/members'),
      org.path('/audit-events'),
    ];
    const queries = ['unknown=1', 'limit=1&limit=2', 'limit=x', 'limit=0', 'limit=101', 'cursor=x'];
    for (const list of lists) {
      for (const query of [...queries, 'limit[]=1', 'LIMIT=1']) {
        const { status, body } = await service.operator.get(`${list}?${query}`);
        expect({ list, query, status, code: body.code }).toEqual({
          list,
          query,
          status: 400,
          code: 'invalid_request',
        });
      }
    }
  });
});
