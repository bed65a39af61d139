import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Of all responses; those of the hot routes have no others. */
const forPrograms = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

const forPages = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

describe('every response', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const hotResponses = () =>
    Promise.all([
      service.nobody.get('/v1/whoami'),
      service.operator.get('/v1/whoami'),
      service.operator.get('/v1/forward-auth/any'),
      service.operator.post('/v1/verify', { key: 'x' }),
      service.operator.post('/v1/verify', '{'),
    ]);
  const otherResponses = () =>
    Promise.all([
      service.nobody.get('/livez'),
      service.nobody.get('/readyz'),
      service.nobody.get('/nothing'),
      service.operator.get('/v1/verify'),
      service.operator.get('/v1/orgs'),
      org.member.get(org.path('/members')),
      org.manager.post(org.path('/keys'), { name: 'x', scope: 'read' }),
    ]);
  const responses = async () => [...(await hotResponses()), ...(await otherResponses())];

  it('carries security headers', async () => {
    for (const { headers } of await otherResponses()) {
      expect(Object.fromEntries(headers)).toMatchObject({ ...forPrograms, ...forPages });
    }
    for (const { headers } of await hotResponses()) {
      expect(Object.fromEntries(headers)).toMatchObject(forPrograms);
      expect([...headers.keys()].filter((name) => Object.hasOwn(forPages, name))).toEqual([]);
    }
    for (const { headers } of await responses()) {
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('may not be stored by a cache', async () => {
    for (const { headers } of await responses()) {
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('carries a request id of our own, which no client can choose', async () => {
    const all = await responses();
    const ids = all.map(({ headers }) => headers.get('x-request-id') ?? '');
    for (const id of ids) expect(id).toMatch(uuid);
    expect(new Set(ids).size).toBe(all.length);
    const { headers } = await service.nobody.get('/livez', { 'x-request-id': 'mine' });
    expect(headers.get('x-request-id')).toMatch(uuid);
  });

  it('carries the request id that is in the audit log and in the log', async () => {
    const created = await org.manager.post(org.path('/keys'), { name: 'traced', scope: 'read' });
    const requestId = created.headers.get('x-request-id');
    const target = created.body.key.id as string;
    const { body } = await org.manager.get(org.path(`/audit-events?target=${target}`));
    expect(body.items).toEqual([expect.objectContaining({ requestId })]);
    const lines = service.log.filter((line) => line.includes(requestId ?? 'none'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ msg: 'request', requestId, keyId: org.manager.keyId }),
    ]);
  });
});

describe('every response, where subdomains have https as well,', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ settings: { hstsSubdomains: true } });
  });
  afterAll(() => service.stop());

  it('says so', async () => {
    for (const path of ['/livez', '/nothing', '/%E0%A4%A']) {
      const { headers } = await service.nobody.get(path);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    }
  });
});

describe('the log', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    // Jobs, such as those that mail invitations, write lines of their own.
    service = await startService({ settings: { role: 'api' } });
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const requestLines = () =>
    service.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'request');

  it('has one line for each request, with these fields and no other', async () => {
    const { secret } = await createKey(org.member, org);
    service.log.length = 0;
    // What is valid is not logged.
    await service.as(secret).get('/v1/whoami?a=b', { 'user-agent': 'agent', cookie: 'c=d' });
    await service.nobody.get('/v1/whoami');
    await service.nobody.get('/nothing/of/this/kind?a=b');
    await service.operator.post('/v1/verify', { key: secret, userAgent: 'client' });
    await service.operator.get('/v1/forward-auth/any');
    await service.operator.post('/v1/verify', { key: `${secret}x` });
    await service.as(secret).get('/v1/forward-auth/nothing:read');
    await service.as(secret).get(`/v1/whoami?key=${secret}`);
    await org.member.get(org.path('/members'));
    await org.manager.post(org.path('/keys'), '{');
    const lines = requestLines();
    expect(lines.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', '/v1/whoami', 401],
      ['GET', undefined, 404],
      ['POST', '/v1/verify', 200],
      ['GET', '/v1/forward-auth/:permission', 403],
      ['GET', '/v1/whoami', 400],
      ['GET', '/v1/orgs/:orgId/members', 403],
      ['POST', '/v1/orgs/:orgId/keys', 400],
    ]);
    const allowed = ['requestId', 'method', 'route', 'status', 'ms', 'keyId', 'userId'];
    const ownOfPino = ['level', 'time', 'pid', 'hostname', 'msg'];
    for (const line of lines) {
      expect(
        Object.keys(line).filter((field) => ![...allowed, ...ownOfPino].includes(field)),
      ).toEqual([]);
      expect(line.ms).toEqual(expect.any(Number));
    }
    expect(service.log).toHaveLength(lines.length);
  });

  it('never holds what a client can choose: URL, headers, body', async () => {
    const marker = 'client-chosen-text';
    await service.nobody.get(`/v1/${marker}?${marker}=1`, { 'user-agent': marker, [marker]: 'x' });
    await org.manager.get(`/v1/orgs/${marker}`);
    await org.manager.get(org.path(`/keys/${marker}?a=${marker}`));
    await org.manager.post(org.path('/keys'), { name: marker, scope: marker, [marker]: 1 });
    await org.manager.post(org.path('/keys'), `{${marker}`);
    await service.as(marker).get('/v1/whoami');
    await service.operator.post('/v1/verify', { key: marker, userAgent: marker });
    await service.operator.get(`/v1/forward-auth/${marker}`);
    expect(service.log.join('\n')).not.toContain(marker);
  });
});

describe('the log, where verifications are logged,', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ settings: { role: 'api', logVerifications: true } });
  });
  afterAll(() => service.stop());

  it('has a line for those of valid keys as well', async () => {
    service.log.length = 0;
    await service.operator.get('/v1/whoami');
    await service.operator.post('/v1/verify', { key: service.operator.key });
    const lines = service.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ route, status, keyId }) => ({ route, status, keyId }))).toEqual([
      { route: '/v1/whoami', status: 200, keyId: expect.stringMatching(/^key_/) },
      { route: '/v1/verify', status: 200, keyId: expect.stringMatching(/^key_/) },
    ]);
  });
});
