import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { sameOrigin } from '../../support/sessions.js';

describe('POST /v1/users/{userId}/sign-in-links', () => {
  let service: Service;
  let org: Organisation;
  let operatorId: string;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    operatorId = await operatorOrgId(service);
  });
  afterAll(() => service.stop());

  type Sender = Pick<Organisation['manager'], 'post'>;
  const make = (userId: string, who: Sender = service.operator) =>
    who.post(`/v1/users/${userId}/sign-in-links`);

  it('creates a link that signs this person in once, and records who asked for it', async () => {
    const { response, events } = await audited(service, operatorId, () => make(org.member.userId));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(events).toEqual([
      expect.objectContaining({
        action: 'user.link_made',
        targetId: org.member.userId,
        after: { by: 'operator' },
        actor: expect.objectContaining({ kind: 'key', orgId: operatorId }),
      }),
    ]);
    const link = new URL(response.body.link as string);
    expect(link.origin + link.pathname).toBe(`${service.url}/sign-in`);
    const signIn = () =>
      service.nobody.post('/v1/session', { token: link.hash.slice(1) }, sameOrigin(service.url));
    const session = await signIn();
    expect(session.status).toBe(200);
    expect(session.body.user.id).toBe(org.member.userId);
    expectProblem(await signIn(), 400, 'sign_in_link_invalid');
  });

  it('responds with 401 and 403 to who is no operator', async () => {
    expectProblem(await make(org.member.userId, service.nobody), 401, 'unauthenticated');
    for (const who of [org.manager, org.member]) {
      const response = await withoutTrace(service, () => make(org.member.userId, who));
      expectProblem(response, 403, 'insufficient_permission');
    }
  });

  it('takes an operator whom nothing restricts: the person may hold anything', async () => {
    const operators = { path: (rest = '') => `/v1/orgs/${operatorId}${rest}` };
    const restrictions = {
      'a list': { permissions: ['users:admin', 'users:read'] },
      'a list of addresses': { allowedIps: ['127.0.0.1/32', '::1/128'] },
    };
    for (const restriction of Object.values(restrictions)) {
      const input = { scope: 'admin', ...restriction };
      const key = service.as((await createKey(service.operator, operators, input)).secret);
      const response = await withoutTrace(service, () => make(org.member.userId, key));
      expectProblem(response, 403, 'exceeds_issuer');
    }
    // A member of the operators lacks what its managers hold.
    const member = await addPerson(service, operatorId, 'member');
    const response = await withoutTrace(service, () => make(org.member.userId, member));
    expect(response.status).toBe(403);
  });

  it('makes none for who is deactivated, a service account, or nobody', async () => {
    const person = await addPerson(service, org.id, 'member');
    await service.operator.post(`/v1/users/${person.userId}/deactivate`);
    expectProblem(await make(person.userId), 409, 'owner_inactive');
    const { body: account } = await org.manager.post(org.path('/service-accounts'), { name: 'ci' });
    for (const userId of [account.userId as string, missing.user, ...malformedIds]) {
      expectProblem(await withoutTrace(service, () => make(userId)), 404, 'not_found');
    }
  });

  it('ends with the person: a link dies when they are deactivated', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { body } = await make(person.userId);
    await service.operator.post(`/v1/users/${person.userId}/deactivate`);
    await service.operator.post(`/v1/users/${person.userId}/reactivate`);
    const token = new URL(body.link as string).hash.slice(1);
    const response = await service.nobody.post('/v1/session', { token }, sameOrigin(service.url));
    expectProblem(response, 400, 'sign_in_link_invalid');
  });
});

describe('sign-in links of operators, where links can be mailed', () => {
  it('are refused: the mailbox proves who somebody is', async () => {
    const settings = {
      smtpUrl: 'smtp://127.0.0.1:1',
      mailFrom: 'keys@example.com',
      publicUrl: 'https://keys.example.com',
    };
    const service = await startService({ settings });
    try {
      const org = await createOrganisation(service);
      const path = `/v1/users/${org.member.userId}/sign-in-links`;
      const response = await withoutTrace(service, () => service.operator.post(path));
      expectProblem(response, 409, 'sign_in_links_closed');
    } finally {
      await service.stop();
    }
  });
});
