import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import type { ApiResponse } from '../../support/client.js';
import {
  passThrough,
  startIdentityProvider,
  type TestProvider,
} from '../../support/identity-provider.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, refusesOtherBodies, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { Browser, cookieOf, sameOrigin } from '../../support/sessions.js';

describe('signing in at an identity provider', () => {
  let provider: TestProvider;
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    service = await startService({ settings: provider.settings });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await provider.close();
  });
  beforeEach(() => {
    provider.account = { subject: 'the member', email: org.member.email, emailVerified: true };
  });

  const begin = (headers: Record<string, string> = sameOrigin(service.url)) =>
    service.nobody.post('/v1/sign-in/provider', undefined, headers);
  const finish = (body: unknown, cookie: string, headers = sameOrigin(service.url)) =>
    service.nobody.post('/v1/session/provider', body, { ...headers, cookie });
  /** What the browser comes back with, and the cookie that it has stored. */
  async function goThere(): Promise<{ given: Record<string, string>; cookie: string }> {
    const begun = await begin();
    expect(begun.status).toBe(200);
    const given = await passThrough(begun.body.url as string, `${service.url}/sign-in`);
    return { given, cookie: cookieOf(begun) };
  }
  async function signIn(): Promise<ApiResponse> {
    const { given, cookie } = await goThere();
    return finish(given, cookie);
  }

  it('is offered by the host of the provider', async () => {
    const { body } = await service.nobody.get('/v1/sign-in');
    expect(body.provider).toBe(new URL(provider.settings.oidc?.issuer ?? '').host);
  });

  it('begins with a code, PKCE, state and nonce, and a cookie for this host alone', async () => {
    const begun = await begin();
    const { searchParams } = new URL(begun.body.url as string);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'keyfence',
      redirect_uri: `${service.url}/sign-in`,
      response_type: 'code',
      scope: 'openid email',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const [cookie = ''] = begun.headers.getSetCookie();
    expect(cookie.split('; ').slice(1).sort()).toEqual(
      ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
    );
    expect(cookie).toMatch(/^__Host-keyfence-sign-in=/);
  });

  it('signs the person with the verified address in, and binds the account to them once', async () => {
    const operators = await operatorOrgId(service);
    const { response, events } = await audited(service, operators, signIn);
    expect(response.status).toBe(200);
    const userId = org.member.userId;
    const actor = { kind: 'console', userId };
    expect(events).toMatchObject([
      { action: 'session.created', actor },
      {
        action: 'user.identity_bound',
        targetId: userId,
        actor,
        after: { issuer: provider.settings.oidc?.issuer, subject: 'the member' },
      },
    ]);
    const browser = new Browser(service.nobody, service.url, cookieOf(response));
    expect((await browser.get('/v1/session')).body.user.id).toBe(userId);
    const again = await audited(service, operators, signIn);
    expect(again.events).toMatchObject([{ action: 'session.created' }]);
  });

  it('an account stays with its user, whatever address it has later', async () => {
    await signIn();
    for (const email of [org.manager.email, 'nobody@example.com', undefined]) {
      provider.account = { subject: 'the member', email, emailVerified: email !== undefined };
      expect((await signIn()).body.user.id).toBe(org.member.userId);
    }
  });

  it('a second account with the address of a user is somebody else', async () => {
    await signIn();
    provider.account = { subject: 'a later one', email: org.member.email, emailVerified: true };
    expectProblem(await withoutTrace(service, signIn), 403, 'identity_unknown');
  });

  it('of an account that is new here, nothing but a verified address of a user counts', async () => {
    const person = await addPerson(service, org.id, 'member');
    const accounts = [
      { email: person.email, emailVerified: false },
      { email: person.email },
      { email: `${person.email}.example`, emailVerified: true },
      { email: `${person.email}\0`, emailVerified: true },
      {},
    ];
    for (const account of accounts) {
      provider.account = { subject: 'a new one', ...account };
      expectProblem(await withoutTrace(service, signIn), 403, 'identity_unknown');
    }
    await service.operator.post(`/v1/users/${person.userId}/deactivate`);
    provider.account = { subject: 'a new one', email: person.email, emailVerified: true };
    expectProblem(await withoutTrace(service, signIn), 403, 'identity_unknown');
  });

  it('compares addresses by their ASCII letters alone', async () => {
    const email = 'kelvin@example.com';
    const { body } = await service.operator.post('/v1/users', { email, name: 'Kelvin' });
    // U+212A, of which the small letter is a k.
    provider.account = { subject: 'not k', email: '\u212aelvin@example.com', emailVerified: true };
    expectProblem(await withoutTrace(service, signIn), 403, 'identity_unknown');
    provider.account = { subject: 'a k', email: 'KELVIN@Example.com', emailVerified: true };
    expect((await signIn()).body.user.id).toBe(body.id);
  });

  it('somebody who was deactivated does not come in, and does once they are back', async () => {
    const person = await addPerson(service, org.id, 'member');
    provider.account = { subject: 'the one away', email: person.email, emailVerified: true };
    expect((await signIn()).status).toBe(200);
    await service.operator.post(`/v1/users/${person.userId}/deactivate`);
    expectProblem(await withoutTrace(service, signIn), 403, 'identity_unknown');
    await service.operator.post(`/v1/users/${person.userId}/reactivate`);
    expect((await signIn()).status).toBe(200);
  });

  it('one of many who come at once with a first sign-in binds the account', async () => {
    const person = await addPerson(service, org.id, 'member');
    provider.account = { subject: 'at once', email: person.email, emailVerified: true };
    const trips = await Promise.all(Array.from({ length: 5 }, goThere));
    const responses = await Promise.all(trips.map(({ given, cookie }) => finish(given, cookie)));
    expect(responses.map(({ status }) => status)).toEqual(Array(5).fill(200));
    const { rowCount } = await service.db.query(`SELECT FROM identities WHERE subject = 'at once'`);
    expect(rowCount).toBe(1);
  });

  it('refuses what was not begun in this browser, or was changed, or is used up', async () => {
    const { given, cookie } = await goThere();
    const other = await goThere();
    const bad: [unknown, string][] = [
      [given, ''],
      [given, other.cookie],
      [given, '__Host-keyfence-sign-in=nonsense'],
      [{ ...given, state: other.given.state }, cookie],
      [{ ...given, code: other.given.code }, cookie],
      [{ ...given, code: 'another' }, cookie],
      [{ ...given, iss: 'https://evil.example' }, cookie],
    ];
    for (const [body, cookie] of bad) {
      const response = await withoutTrace(service, () => finish(body, cookie));
      expectProblem(response, 400, 'identity_not_confirmed');
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    const trip = await goThere();
    expect((await finish(trip.given, trip.cookie)).status).toBe(200);
    const again = await withoutTrace(service, () => finish(trip.given, trip.cookie));
    expectProblem(again, 400, 'identity_not_confirmed');
  });

  it('refuses what no page of the console has sent', async () => {
    const { given, cookie } = await goThere();
    const evil = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expectProblem(await begin(evil), 403, 'cross_site');
    expectProblem(await finish(given, cookie, evil), 403, 'cross_site');
    expect((await finish(given, cookie)).status).toBe(200);
  });

  it('refuses bodies that are not like that', async () => {
    const { given, cookie } = await goThere();
    await refusesOtherBodies(service, (body) => finish(body, cookie));
    expect((await finish(given, cookie)).status).toBe(200);
  });

  it('responds with 503 while the provider is away, and goes on when it is back', async () => {
    const { given, cookie } = await goThere();
    provider.isAway = true;
    expectProblem(await withoutTrace(service, () => finish(given, cookie)), 503, 'unavailable');
    provider.isAway = false;
    expect((await signIn()).status).toBe(200);
  });

  it('needs a provider', async () => {
    const other = await startService();
    try {
      const headers = sameOrigin(other.url);
      const begun = await other.nobody.post('/v1/sign-in/provider', undefined, headers);
      expectProblem(begun, 409, 'no_identity_provider');
      const cookie = `__Host-keyfence-sign-in=${encodeURIComponent(
        JSON.stringify({ state: 'a', nonce: 'b', verifier: 'c' }),
      )}`;
      const body = { code: 'a', state: 'a' };
      const finished = await other.nobody.post('/v1/session/provider', body, {
        ...headers,
        cookie,
      });
      expectProblem(finished, 409, 'no_identity_provider');
    } finally {
      await other.stop();
    }
  });
});
