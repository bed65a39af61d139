import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import { hold, untilWaiting } from '../../support/locks.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { signIn, type Browser } from '../../support/sessions.js';

describe('a request in a session', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let manager: Browser;
  let member: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    manager = await signIn(service, org.manager);
    member = await signIn(service, org.member);
  });

  it('does what the person may do with a key of scope admin, and the record says who it was', async () => {
    const { response, events } = await audited(service, org.id, () =>
      member.post(org.path('/keys'), { name: 'made by hand', scope: 'admin' }),
    );
    expect(response.status).toBe(201);
    const by = { userId: org.member.userId, keyId: null };
    expect(response.body.key).toMatchObject({ ownerId: org.member.userId, createdBy: by });
    expect(events).toMatchObject([{ actor: { kind: 'console', orgId: org.id, ...by } }]);
    const { status, body } = await service.as(response.body.secret as string).get('/v1/whoami');
    expect({ status, permissions: body.permissions }).toEqual({
      status: 200,
      permissions: expect.arrayContaining(org.grants),
    });
    const path = org.path(`/keys/${response.body.key.id as string}`);
    const revoked = await member.delete(path);
    expect(revoked.body.revokedBy).toEqual(by);
  });

  it('takes an Idempotency-Key', async () => {
    const send = () =>
      manager.post(
        org.path('/keys'),
        { name: 'once', scope: 'read' },
        { 'idempotency-key': 'one' },
      );
    const [first, second] = [await send(), await send()];
    expect(second.body.key.id).toBe(first.body.key.id);
    expect(second.body.secret).toBeUndefined();
  });

  it('is refused what the person may not do', async () => {
    const response = await withoutTrace(service, () => member.get(org.path('/members')));
    expectProblem(response, 403, 'insufficient_permission');
    expect(response.body).toMatchObject({ permission: 'members:read', managers: ['A manager'] });
    for (const path of ['/v1/orgs', '/v1/users', '/v1/jobs']) {
      expectProblem(await manager.get(path), 403, 'insufficient_permission');
    }
  });

  it('knows nothing of the organisations of others, or of one that is suspended', async () => {
    const foreign = await createKey(other.member, other);
    const paths = [other.path(), other.path('/keys'), other.path(`/keys/${foreign.id}`)];
    for (const path of [...paths, '/v1/orgs/org_1/keys']) {
      expectProblem(await manager.get(path), 404, 'not_found');
    }
    for (const path of paths.slice(2)) {
      expectProblem(await withoutTrace(service, () => manager.delete(path)), 404, 'not_found');
    }
    await service.operator.post(org.path('/suspend'));
    expectProblem(await manager.get(org.path('/keys')), 404, 'not_found');
    await service.operator.post(org.path('/resume'));
    expect((await manager.get(org.path('/keys'))).status).toBe(200);
  });

  it('of an operator reaches every organisation', async () => {
    const person = await addPerson(service, await operatorOrgId(service), 'manager');
    const browser = await signIn(service, person);
    expect((await browser.get('/v1/orgs')).status).toBe(200);
    expect((await browser.patch(org.path(), { name: 'Renamed' })).status).toBe(200);
    expectProblem(await browser.get('/v1/orgs/org_00000000000000000000000000'), 404, 'not_found');
  });

  it('that another site makes a browser send changes nothing', async () => {
    const { id } = await createKey(org.member, org);
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '' },
    ];
    for (const headers of foreign) {
      const send = () => manager.call('DELETE', org.path(`/keys/${id}`), undefined, headers);
      expectProblem(await withoutTrace(service, send), 403, 'cross_site');
    }
    expectProblem(
      await manager.get(org.path('/keys'), { 'sec-fetch-site': 'cross-site' }),
      403,
      'cross_site',
    );
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const send = () =>
        manager.post(org.path('/keys'), '{"name":"n","scope":"read"}', { 'content-type': type });
      expectProblem(await withoutTrace(service, send), 415, 'unsupported_media_type');
    }
  });

  it('is nothing where keys are asked about', async () => {
    expectProblem(await manager.get('/v1/whoami'), 401, 'unauthenticated');
    expectProblem(
      await manager.post('/v1/verify', { key: org.member.key }),
      401,
      'unauthenticated',
    );
    expectProblem(await manager.get('/v1/forward-auth/any'), 401, 'unauthenticated');
  });

  it('that shows a key as well is one of the key', async () => {
    const authorization = `Bearer ${org.member.key}`;
    const { body } = await manager.get('/v1/whoami', { authorization });
    expect(body.ownerId).toBe(org.member.userId);
    expectProblem(
      await manager.get(org.path('/members'), { authorization }),
      403,
      'insufficient_permission',
    );
  });

  const bad: Record<string, Record<string, string>> = {
    'a bad key': { authorization: 'Bearer kf_none' },
    'a bad key in the other header': { 'x-api-key': 'kf_none' },
    'half a header': { authorization: 'Bearer' },
  };
  for (const [what, headers] of Object.entries(bad)) {
    it(`that shows ${what} as well is refused, on routes of the session too`, async () => {
      const path = org.path('/keys');
      for (const read of [path, '/v1/session']) {
        const response = await withoutTrace(service, () => manager.get(read, headers));
        expectProblem(response, 401, 'unauthenticated');
      }
      for (const end of ['/v1/session', '/v1/sessions']) {
        const send = () => manager.call('DELETE', end, undefined, headers);
        expectProblem(await withoutTrace(service, send), 401, 'unauthenticated');
      }
      const send = () => manager.post(path, { name: 'n', scope: 'read' }, headers);
      expectProblem(await withoutTrace(service, send), 401, 'unauthenticated');
      expect((await manager.get('/v1/session')).status).toBe(200);
    });
  }

  it('that shows two keys as well is refused', async () => {
    const headers = { authorization: `Bearer ${org.member.key}`, 'x-api-key': org.member.key };
    for (const path of [org.path('/keys'), '/v1/session']) {
      expectProblem(await manager.get(path, headers), 400, 'ambiguous_credentials');
    }
  });

  it('is one of the session beside an empty header, or the login of a proxy', async () => {
    const harmless: Record<string, string>[] = [
      { authorization: '' },
      { 'x-api-key': '' },
      { authorization: 'Basic YTpi' },
    ];
    for (const headers of harmless) {
      for (const path of ['/v1/session', org.path('/members')]) {
        expect((await manager.get(path, headers)).status).toBe(200);
      }
    }
  });

  const blows = {
    'has ended': () => service.db.query('DELETE FROM sessions'),
    'is that of somebody who is deactivated': () =>
      service.db.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [
        org.manager.userId,
      ]),
  };
  for (const [what, strike] of Object.entries(blows)) {
    it(`changes nothing when it waits while its session ${what}`, async () => {
      await using holder = await hold(
        service.db,
        'SELECT FROM organisations WHERE id = $1 FOR UPDATE',
        [org.id],
      );
      const response = manager.patch(org.path(), { name: 'Too late' });
      await untilWaiting(service.db);
      await strike();
      await holder.commit();
      expectProblem(await response, 401, 'unauthenticated');
      await service.operator.post(`/v1/users/${org.manager.userId}/reactivate`);
      const { body } = await service.operator.get(org.path());
      expect(body.name).not.toBe('Too late');
    });
  }
});
