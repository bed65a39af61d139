import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { join, operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startSecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { Browser, newLink, sameOrigin, signIn } from '../../support/sessions.js';
import { newSecret } from '../../../src/common/secret.js';

describe('a session', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;
  const status = async (who: Browser) => (await who.get('/v1/session')).status;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    browser = await signIn(service, org.member);
  });

  /** Lets time pass for all sessions. */
  const pass = (columns: string, minutes: number) =>
    service.db.query(
      `UPDATE sessions SET ${columns
        .split(' ')
        .map((column) => `${column} = ${column} - make_interval(mins => ${minutes})`)
        .join(', ')}`,
    );

  it('shows who is signed in, and what they may do where', async () => {
    const second = await createOrganisation(service, ['logs:read']);
    const standing = { role: 'manager', grants: null };
    await service.operator.put(second.path(`/members/${org.member.userId}`), standing);
    const { body } = await browser.get('/v1/session');
    const { userId: id, email } = org.member;
    expect(body.user).toEqual({ id, email, name: 'A member' });
    expect(body.organisations).toEqual([
      {
        id: org.id,
        name: `The ${org.slug}`,
        kind: 'customer',
        status: 'active',
        role: 'member',
        permissions: [
          'keys:admin',
          'keys:read',
          'keys:write',
          'org:read',
          ...[...org.grants].sort(),
        ],
        managers: ['A manager'],
      },
      expect.objectContaining({
        id: second.id,
        role: 'manager',
        permissions: expect.arrayContaining(['members:admin', 'logs:read']),
        managers: [],
      }),
    ]);
    await service.operator.post(second.path('/suspend'));
    const after = (await browser.get('/v1/session')).body.organisations[1];
    expect(after).toMatchObject({ status: 'suspended', permissions: [] });
  });

  it('is refused to a request without one, with a bad one, and with a key', async () => {
    const bad = ['session_none', newSecret('session'), ''].map(
      (token) => new Browser(service.nobody, service.url, `__Host-keyfence=${token}`),
    );
    for (const who of [service.nobody, org.manager, service.operator, ...bad]) {
      expectProblem(await who.get('/v1/session'), 401, 'unauthenticated');
      expectProblem(
        await withoutTrace(service, () => who.delete('/v1/session')),
        401,
        'unauthenticated',
      );
      expectProblem(
        await withoutTrace(service, () => who.delete('/v1/sessions')),
        401,
        'unauthenticated',
      );
    }
  });

  it('ends with signing out, and others go on', async () => {
    const elsewhere = await signIn(service, org.member);
    const operators = await operatorOrgId(service);
    const { response, events } = await audited(service, operators, () =>
      browser.delete('/v1/session'),
    );
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-keyfence=; Max-Age=0; Path=\/;/);
    expect(events).toMatchObject([
      { action: 'session.ended', actor: { kind: 'console', userId: org.member.userId } },
    ]);
    expect([await status(browser), await status(elsewhere)]).toEqual([401, 200]);
  });

  it('ends everywhere, for that person alone', async () => {
    const elsewhere = await signIn(service, org.member);
    const somebody = await signIn(service, org.manager);
    expect((await browser.delete('/v1/sessions')).status).toBe(204);
    const all = await Promise.all([browser, elsewhere, somebody].map(status));
    expect(all).toEqual([401, 401, 200]);
  });

  it('ends an hour after it was last used', async () => {
    await pass('seen_at', 59);
    expect(await status(browser)).toBe(200);
    await pass('seen_at', 59);
    expect(await status(browser)).toBe(200);
    await pass('seen_at', 61);
    expect(await status(browser)).toBe(401);
  });

  it('ends twelve hours after it began, however much it is used', async () => {
    await pass('created_at', 12 * 60 - 1);
    const { body } = await browser.get('/v1/session');
    expect(Date.parse(body.expiresAt as string) - Date.now()).toBeLessThan(65_000);
    await pass('created_at', 2);
    expect(await status(browser)).toBe(401);
    await signIn(service, org.member);
    const { rows } = await service.db.query(
      `SELECT FROM sessions WHERE created_at < now() - interval '12 hours'`,
    );
    expect(rows).toEqual([]);
  });

  it('ends sooner where the settings say so', async () => {
    const shorter = await startSecondService(service, { settings: { sessionMaxMinutes: 30 } });
    try {
      await pass('created_at', 31);
      expect(await status(browser)).toBe(200);
      const there = new Browser(shorter.nobody, shorter.url, browser.cookie);
      for (const path of ['/v1/session', org.path('/keys')]) {
        expectProblem(await there.get(path), 401, 'unauthenticated');
      }
      const token = await newLink(shorter, org.member.email);
      const headers = sameOrigin(shorter.url);
      const { body } = await shorter.nobody.post('/v1/session', { token }, headers);
      const ms = Date.parse(body.expiresAt as string) - Date.parse(body.createdAt as string);
      expect(ms).toBe(30 * 60_000);
    } finally {
      await shorter.stop();
    }
  });

  it('ends at once when the person is deactivated, and does not come back with them', async () => {
    const person = await addPerson(service, org.id, 'member');
    const theirs = await signIn(service, person);
    expect(await status(theirs)).toBe(200);
    await service.operator.post(`/v1/users/${person.userId}/deactivate`);
    expect(await status(theirs)).toBe(401);
    await service.operator.post(`/v1/users/${person.userId}/reactivate`);
    expect(await status(theirs)).toBe(401);
  });

  it('is nothing in an organisation that the person was removed from', async () => {
    const person = await addPerson(service, org.id, 'member');
    const theirs = await signIn(service, person);
    expect((await theirs.get(org.path('/keys'))).status).toBe(200);
    await org.manager.delete(org.path(`/members/${person.userId}`));
    expectProblem(await theirs.get(org.path('/keys')), 404, 'not_found');
    expect((await theirs.get('/v1/session')).body.organisations).toEqual([]);
    await join(service, org, person.userId);
    expect((await theirs.get(org.path('/keys'))).status).toBe(200);
  });
});
