import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itIsForOperators, type Sender } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import type { ApiResponse } from '../../support/client.js';
import {
  signInAtProvider,
  startIdentityProvider,
  type TestProvider,
} from '../../support/identity-provider.js';
import {
  addPerson,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { Browser, cookieOf, signIn } from '../../support/sessions.js';

const absent = 'idn_01h455vb4pex5vsknk084sn02q';

describe('accounts of a user at the identity provider', () => {
  let provider: TestProvider;
  let service: Service;
  let org: Organisation;
  let operators: string;
  let person: Person;
  let issuer: string;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    service = await startService({ settings: provider.settings });
    org = await createOrganisation(service);
    operators = await operatorOrgId(service);
    issuer = provider.settings.oidc?.issuer ?? '';
  });
  afterAll(async () => {
    await service.stop();
    await provider.close();
  });
  beforeEach(async () => {
    person = await addPerson(service, org.id, 'member');
    provider.account = { subject: person.userId, email: person.email, emailVerified: true };
  });

  const path = (userId = person.userId) => `/v1/users/${userId}/identities`;
  /** What the person has, in the order in which it was bound. */
  const list = async (): Promise<Record<string, string>[]> => {
    const response = await service.operator.get(path());
    expect(response.status).toBe(200);
    return response.body.items as Record<string, string>[];
  };
  /** Signs the account in, and says what it is known as then. */
  async function bind(): Promise<{ id: string; browser: Browser }> {
    const response = await signInAtProvider(service);
    expect(response.body.user?.id).toBe(person.userId);
    const bound = (await list()).find(({ status }) => status === 'bound');
    const browser = new Browser(service.nobody, service.url, cookieOf(response));
    return { id: bound?.id ?? '', browser };
  }
  const statusOf = async (browser: Browser) => (await browser.get('/v1/session')).status;

  const routes: Record<
    string,
    [permission: string, (who: Sender, id: string) => Promise<ApiResponse>]
  > = {
    'GET …/identities': ['users:read', (who) => who.get(path())],
    'DELETE …/identities': ['users:admin', (who) => who.delete(path())],
    'DELETE …/identities/{identityId}': ['users:admin', (who, id) => who.delete(`${path()}/${id}`)],
    'POST …/identities/{identityId}/allow': [
      'users:admin',
      (who, id) => who.post(`${path()}/${id}/allow`),
    ],
  };
  for (const [route, [permission, send]] of Object.entries(routes)) {
    describe(route, () => {
      itIsForOperators({
        service: () => service,
        org: () => org,
        permission,
        send: (who) => send(who, absent),
      });
    });
  }

  it('respond with the same for a missing user, a malformed id and the id of something else', async () => {
    const { id } = await bind();
    const bodies = new Set<string>();
    const expectMissing = async (method: 'GET' | 'DELETE' | 'POST', target: string) => {
      const send = () => service.operator.call(method, target);
      const response = await withoutTrace(service, send);
      expect({ target, status: response.status }).toEqual({ target, status: 404 });
      bodies.add(response.text);
    };
    for (const user of [missing.user, org.id, ...malformedIds]) {
      await expectMissing('GET', path(user));
      await expectMissing('DELETE', path(user));
      await expectMissing('DELETE', `${path(user)}/${id}`);
      await expectMissing('POST', `${path(user)}/${id}/allow`);
    }
    for (const identity of [absent, person.userId, ...malformedIds]) {
      await expectMissing('DELETE', `${path()}/${identity}`);
      await expectMissing('POST', `${path()}/${identity}/allow`);
    }
    // That of somebody else.
    await expectMissing('DELETE', `${path(org.member.userId)}/${id}`);
    await expectMissing('POST', `${path(org.member.userId)}/${id}/allow`);
    expect([...bodies]).toHaveLength(1);
  });

  it('are listed with what the provider knows them as, in pages', async () => {
    expect(await list()).toEqual([]);
    const { id } = await bind();
    expect(await list()).toEqual([
      {
        id,
        issuer,
        subject: person.userId,
        status: 'bound',
        createdAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(id).toMatch(/^idn_[0-7][0-9a-z]{25}$/);
    // As nodes of the release before add them.
    await service.db.query(
      `INSERT INTO identities (issuer, subject, user_id) VALUES ('https://other.example', 'x', $1)`,
      [person.userId],
    );
    const first = await service.operator.get(`${path()}?limit=1`);
    const cursor = first.body.nextCursor as string;
    const second = await service.operator.get(`${path()}?limit=1&cursor=${cursor}`);
    expect(second.body.nextCursor).toBeNull();
    expect([...first.body.items, ...second.body.items]).toEqual(await list());
    expect(second.body.items).toMatchObject([{ issuer: 'https://other.example', subject: 'x' }]);
    for (const query of ['limit=0', 'cursor=x', 'status=bound']) {
      expectProblem(await service.operator.get(`${path()}?${query}`), 400, 'invalid_request');
    }
  });

  it('are taken away with all sessions of the user, and do not come back', async () => {
    const { id, browser } = await bind();
    const byLink = await signIn(service, person);
    const somebody = await signIn(service, org.member);
    const { response, events } = await audited(service, operators, () =>
      service.operator.delete(`${path()}/${id}`),
    );
    await expectAuthSeq(service, response);
    const barred = { id, issuer, subject: person.userId, status: 'barred' };
    expect(response.body).toMatchObject({ items: [barred], endedSessions: 2 });
    expect(events.map(({ action }) => action).sort()).toEqual([
      'session.ended',
      'session.ended',
      'user.identity_unbound',
    ]);
    expect(events.find(({ action }) => action.startsWith('user'))).toMatchObject({
      targetId: person.userId,
      before: { identityId: id, issuer, subject: person.userId },
      after: null,
    });
    const statuses = await Promise.all([browser, byLink, somebody].map(statusOf));
    expect(statuses).toEqual([401, 401, 200]);
    expectProblem(
      await withoutTrace(service, () => signInAtProvider(service)),
      403,
      'identity_unknown',
    );
    expect(await list()).toMatchObject([barred]);
  });

  it('are taken away once: a repeated call changes nothing and ends nothing', async () => {
    const { id } = await bind();
    await service.operator.delete(`${path()}/${id}`);
    const browser = await signIn(service, person);
    for (const target of [`${path()}/${id}`, path()]) {
      const { response, events } = await audited(service, operators, () =>
        service.operator.delete(target),
      );
      expect(events).toEqual([]);
      const items = target === path() ? [] : [expect.objectContaining({ id, status: 'barred' })];
      expect(response.body).toMatchObject({ items, endedSessions: 0 });
    }
    expect(await statusOf(browser)).toBe(200);
  });

  it('are taken away all at once', async () => {
    const { browser } = await bind();
    await service.db.query(
      `INSERT INTO identities (issuer, subject, user_id) VALUES ('https://other.example', $1, $1)`,
      [person.userId],
    );
    const { response, events } = await audited(service, operators, () =>
      service.operator.delete(path()),
    );
    expect(response.body).toMatchObject({ endedSessions: 1 });
    expect(response.body.items.length).toBe(2);
    expect(events.length).toBe(3);
    expect(await statusOf(browser)).toBe(401);
    expect((await list()).map(({ status }) => status)).toEqual(['barred', 'barred']);
  });

  it('are barred from one user alone, who may have another account', async () => {
    const { id } = await bind();
    await service.operator.delete(`${path()}/${id}`);
    const other = await addPerson(service, org.id, 'member');
    provider.account = { subject: person.userId, email: other.email, emailVerified: true };
    expect((await signInAtProvider(service)).body.user.id).toBe(other.userId);
    provider.account = {
      subject: `new ${person.userId}`,
      email: person.email,
      emailVerified: true,
    };
    expect((await signInAtProvider(service)).body.user.id).toBe(person.userId);
    expect((await list()).map(({ status }) => status)).toEqual(['barred', 'bound']);
  });

  it('are barred at nodes of the release before as well', async () => {
    const { id } = await bind();
    await service.operator.delete(`${path()}/${id}`);
    const { rows } = await service.db.query(
      `INSERT INTO identities (issuer, subject, user_id) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING
       RETURNING user_id`,
      [issuer, person.userId],
    );
    expect(rows).toEqual([]);
  });

  it('come back when an operator allows it, as ones that are new', async () => {
    const { id } = await bind();
    const allow = () => service.operator.post(`${path()}/${id}/allow`);
    const before = await audited(service, operators, allow);
    expect(before.response.body).toMatchObject({ id, status: 'bound' });
    expect(before.events).toEqual([]);
    await service.operator.delete(`${path()}/${id}`);
    const { response, events } = await audited(service, operators, allow);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject({ id, issuer, status: 'allowed' });
    expect(events).toMatchObject([
      {
        action: 'user.identity_allowed',
        targetId: person.userId,
        after: { identityId: id, issuer, subject: person.userId },
      },
    ]);
    expect(await list()).toEqual([]);
    expectProblem(await withoutTrace(service, allow), 404, 'not_found');
    expect((await bind()).id).not.toBe(id);
  });
});
