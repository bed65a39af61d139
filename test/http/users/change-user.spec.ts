import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignInLinks } from '../../../src/sessions/sign-in-links.js';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { badEmails } from '../../support/emails.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import {
  badNames,
  expectProblem,
  malformedIds,
  missing,
  refusesEach,
  withoutTrace,
} from '../../support/refusals.js';
import { newLink, sameOrigin, signIn } from '../../support/sessions.js';
import { startService, type Service } from '../../support/service.js';

describe('PATCH /v1/users/{userId}', () => {
  let service: Service;
  let org: Organisation;
  let person: Person;
  let operators: string;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    person = await addPerson(service, org.id, 'member');
    operators = await operatorOrgId(service);
  });
  afterAll(() => service.stop());

  const change = (body: unknown, userId: string = person.userId) =>
    service.operator.patch(`/v1/users/${userId}`, body);
  const emailNow = async () =>
    (await service.operator.get(`/v1/users/${person.userId}`)).body.email as string;

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'users:admin',
    send: (who) => who.patch(`/v1/users/${org.member.userId}`, { name: 'Refused' }),
  });

  it('changes the name, records it, and leaves sessions as they are', async () => {
    const browser = await signIn(service, { email: await emailNow() });
    const { body: before } = await service.operator.get(`/v1/users/${person.userId}`);
    const { response, events } = await audited(service, operators, () =>
      change({ name: ' Ada King ' }),
    );
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      ...before,
      name: 'Ada King',
      authSeq: expect.any(Number),
    });
    await expectAuthSeq(service, response);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'user.changed',
        targetId: person.userId,
        before: { name: before.name },
        after: { name: 'Ada King' },
      }),
    ]);
    expect((await browser.get('/v1/session')).status).toBe(200);
  });

  it('changes the address: sessions and sign-in links end, and keys do not', async () => {
    const old = await emailNow();
    const browser = await signIn(service, { email: old });
    const token = await newLink(service, old);
    const { response, events } = await audited(service, operators, () =>
      change({ email: 'New.Address@Example.com' }),
    );
    expect(response).toMatchObject({ status: 200, body: { email: 'new.address@example.com' } });
    expect(events.map(({ action }) => action)).toContain('session.ended');
    expect(events.find(({ action }) => action === 'user.changed')).toMatchObject({
      before: { email: old },
      after: { email: 'new.address@example.com' },
    });
    expect((await browser.get('/v1/session')).status).toBe(401);
    const used = await service.nobody.post('/v1/session', { token }, sameOrigin(service.url));
    expectProblem(used, 400, 'sign_in_link_invalid');
    const links = service.app.get(SignInLinks);
    expect(await links.make(old, service.url, 'command')).toBeUndefined();
    expect((await person.get('/v1/whoami')).status).toBe(200);
    const again = await signIn(service, { email: 'new.address@example.com' });
    expect((await again.get('/v1/session')).status).toBe(200);
  });

  it('ends sessions and links also when SQL changes the address', async () => {
    const email = await emailNow();
    const browser = await signIn(service, { email });
    const token = await newLink(service, email);
    await service.db.query('UPDATE users SET email = $2 WHERE id = $1', [
      person.userId,
      'by-sql@example.com',
    ]);
    expect((await browser.get('/v1/session')).status).toBe(401);
    const used = await service.nobody.post('/v1/session', { token }, sameOrigin(service.url));
    expectProblem(used, 400, 'sign_in_link_invalid');
  });

  it('makes no link for an address that is changed at the same time', async () => {
    const email = await emailNow();
    const db = await service.db.connect();
    await db.query('BEGIN');
    await db.query(`UPDATE users SET email = 'moved@example.com' WHERE id = $1`, [person.userId]);
    const making = service.app.get(SignInLinks).make(email, service.url, 'command');
    await db.query('SELECT pg_sleep(0.3)');
    await db.query('COMMIT');
    db.release();
    expect(await making).toBeUndefined();
  });

  it('changes and records nothing when everything is the same', async () => {
    const email = await emailNow();
    const browser = await signIn(service, { email });
    const { response, events } = await audited(service, operators, () =>
      change({ email: email.toUpperCase() }),
    );
    expect(response.status).toBe(200);
    expect(events).toEqual([]);
    expect((await browser.get('/v1/session')).status).toBe(200);
  });

  it('gives a service account another name, and no address', async () => {
    const added = await org.manager.post(org.path('/service-accounts'), { name: 'ci' });
    const id = added.body.userId as string;
    expect((await change({ name: 'robot' }, id)).body).toMatchObject({
      name: 'robot',
      email: null,
    });
    const refused = await withoutTrace(service, () => change({ email: 'ci@example.com' }, id));
    expectProblem(refused, 400, 'invalid_request');
  });

  it('gives another address only for an operator whom nothing restricts: it is a way to sign in', async () => {
    const path = { path: (rest = '') => `/v1/orgs/${operators}${rest}` };
    const restrictions = [
      { permissions: ['users:admin', 'users:read'] },
      { allowedIps: ['127.0.0.1/32', '::1/128'] },
    ];
    for (const restriction of restrictions) {
      const input = { scope: 'admin', ...restriction };
      const key = service.as((await createKey(service.operator, path, input)).secret);
      const own = (body: object) => key.patch(`/v1/users/${org.member.userId}`, body);
      const refused = await withoutTrace(service, () => own({ email: 'mine@example.com' }));
      expectProblem(refused, 403, 'exceeds_issuer');
      expect((await own({ name: 'Ada' })).status).toBe(200);
    }
  });

  it('is a conflict when somebody else has the address', async () => {
    await service.operator.post('/v1/users', { email: 'taken@example.com', name: 'Taken' });
    const refused = await withoutTrace(service, () => change({ email: 'TAKEN@example.com' }));
    expectProblem(refused, 409, 'email_taken');
  });

  it('refuses names and addresses that are none, and changes of nothing', async () => {
    const names = Object.fromEntries(
      Object.entries(badNames).filter(([, name]) => name !== undefined),
    );
    await refusesEach(service, 'name', names, (name) => change({ name }));
    for (const email of Object.values(badEmails)) {
      expectProblem(await change({ email }), 400, 'invalid_request');
    }
    for (const body of [{}, { status: 'active' }, { email: null }, []]) {
      expectProblem(await withoutTrace(service, () => change(body)), 400, 'invalid_request');
    }
  });

  it('responds with the same for a missing user, a malformed id and the id of something else', async () => {
    const bodies = new Set<string>();
    for (const id of [missing.user, org.id, org.member.keyId, ...malformedIds]) {
      const response = await withoutTrace(service, () => change({ name: 'x' }, id));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      bodies.add(response.text);
    }
    expect([...bodies]).toHaveLength(1);
  });
});
