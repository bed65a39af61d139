import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { catalogue, type ProblemCode } from '../../../src/common/errors.js';
import type { Answer } from '../../support/client.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { missing } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('every refusal', () => {
  let service: Service;
  let org: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  after(() => service.stop());

  function expectDocument(answer: Answer, code: ProblemCode, members: string[] = []): void {
    const { status, title } = catalogue[code];
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: `urn:keyfence:problem:${code}`,
      title,
      status,
      code,
    });
    const usual = ['type', 'title', 'status', 'code'];
    expect(Object.keys(answer.body).sort()).toEqual([...usual, ...members].sort());
    expect(answer.text).not.toMatch(/\bat .+:\d+|node_modules|select |\/src\//i);
  }

  it('is a problem document (RFC 9457) with a stable code: 400 says what is wrong, and where', async () => {
    const answer = await org.manager.post(org.path('/keys'), { name: '', scope: 'all', more: 1 });
    expectDocument(answer, 'invalid_request', ['detail', 'errors']);
    const errors = answer.body.errors as { path: string; message: string }[];
    expect(errors.map(({ path }) => path).sort()).toEqual(['', 'name', 'scope']);
    for (const { path, message } of errors) {
      expect(answer.body.detail).toContain(path === '' ? message : `${path}: ${message}`);
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
    const answers = [
      await org.manager.get(`/v1/orgs/${missing.org}`),
      await org.manager.get(other.path()),
      await org.manager.get('/v1/orgs/nothing'),
      await org.manager.get(`/v1/orgs/org_${'x'.repeat(3_000)}`),
      await org.manager.get(org.path(`/keys/${missing.key}`)),
      await org.manager.get(org.path(`/keys/${other.manager.keyId}`)),
      await org.manager.get(org.path(`/keys/${'x'.repeat(3_000)}`)),
      await org.manager.get('/v1/nothing'),
    ];
    for (const answer of answers) expectDocument(answer, 'not_found');
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
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

  it('is one with 500, which tells nothing of the inside, while the log tells why', async () => {
    await service.db.query('ALTER TABLE auth_head RENAME TO auth_head_away');
    const answer = await org.manager.get('/v1/whoami');
    await service.db.query('ALTER TABLE auth_head_away RENAME TO auth_head');
    expectDocument(answer, 'internal');
    const id = answer.headers.get('x-request-id') ?? '';
    const line = service.log.find((each) => each.includes(id) && each.includes('auth_head'));
    expect(line).toBeDefined();
  });

  it('answers 404 to an unknown route, whoever asks', async () => {
    for (const who of [service.nobody, service.as('nonsense'), org.manager, service.operator]) {
      for (const path of ['/v1', '/v1/', '/v2/whoami', '/favicon.ico', '/.env', '/v1/whoami/']) {
        expectDocument(await who.get(path), 'not_found');
      }
    }
  });

  it('answers 404 or 405 to a known path with another method, and does nothing', async () => {
    const wrong = [
      service.operator.post('/v1/whoami', {}),
      service.operator.get('/v1/verify'),
      service.operator.put(org.path('/keys'), {}),
      service.operator.delete(org.path()),
      service.operator.patch(`/v1/users/${org.member.userId}`, {}),
      service.operator.post('/livez', {}),
      service.operator.call('OPTIONS', org.path('/keys')),
    ];
    for (const { status, body } of await Promise.all(wrong)) {
      expect([404, 405]).toContain(status);
      expect(['not_found', 'method_not_allowed']).toContain(body.code);
    }
  });

  it('answers 400 to a query parameter that the list does not know, or that comes twice', async () => {
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
