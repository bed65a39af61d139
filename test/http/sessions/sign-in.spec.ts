import { after, before, beforeEach, describe, it } from 'node:test';
import { expect } from 'expect';
import { newSecret } from '../../../src/common/secret.js';
import { audited } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import {
  expectProblem,
  refusesOtherBodies,
  refusesEach,
  withoutTrace,
} from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { Browser, cookieOf, newLink, sameOrigin } from '../../support/sessions.js';

describe('POST /v1/session', () => {
  let service: Service;
  let org: Organisation;
  let token: string;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  after(() => service.stop());
  beforeEach(async () => {
    token = await newLink(service, org.member.email);
  });

  const send = (body: unknown, headers: Record<string, string> = sameOrigin(service.url)) =>
    service.nobody.post('/v1/session', body, headers);

  it('signs the person in whose link it is, and says so in the log of the operators', async () => {
    const operators = await operatorOrgId(service);
    const { answer, events } = await audited(service, operators, () => send({ token }));
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ id: org.member.userId, email: org.member.email });
    expect(events).toMatchObject([
      {
        action: 'session.created',
        targetId: expect.stringMatching(/^ses_/),
        actor: { kind: 'console', orgId: null, userId: org.member.userId, keyId: null },
        after: { userId: org.member.userId },
      },
    ]);
    const browser = new Browser(service.nobody, service.url, cookieOf(answer));
    const { user, organisations } = answer.body;
    expect((await browser.get('/v1/session')).body).toMatchObject({ user, organisations });
  });

  it('gives a cookie that only this host gets, over https, and no script', async () => {
    const [cookie] = (await send({ token })).headers.getSetCookie();
    expect(cookie?.split('; ')).toEqual([
      expect.stringMatching(/^__Host-keyfence=session_[0-9A-Za-z]{42}$/),
      'Path=/',
      'HttpOnly',
      'Secure',
      'SameSite=Strict',
    ]);
  });

  it('uses the link up: one of many who come with it at once is signed in', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)]);
    for (const answer of answers.filter(({ status }) => status === 400)) {
      expectProblem(answer, 400, 'sign_in_link_invalid');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('refuses a link that nobody made, that is too old, or that a later one has replaced', async () => {
    const later = await newLink(service, org.member.email);
    for (const bad of [newSecret('link'), 'nonsense', '', token, service.operator.key]) {
      expectProblem(
        await withoutTrace(service, () => send({ token: bad })),
        400,
        'sign_in_link_invalid',
      );
    }
    await service.db.query(`UPDATE sign_in_links SET created_at = now() - interval '15 minutes'`);
    const late = await withoutTrace(service, () => send({ token: later }));
    expectProblem(late, 400, 'sign_in_link_invalid');
  });

  it('refuses the link of somebody who was deactivated, also once they are back', async () => {
    const path = `/v1/users/${org.member.userId}`;
    for (const action of ['deactivate', 'reactivate']) {
      await service.operator.post(`${path}/${action}`);
      expectProblem(await send({ token }), 400, 'sign_in_link_invalid');
    }
  });

  it('refuses what no page of the console has sent, and leaves the link as it is', async () => {
    const { origin } = sameOrigin(service.url);
    const others: Record<string, string>[] = [
      {},
      { origin },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site', origin },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { 'sec-fetch-site': 'same-origin', origin: service.url.replace('http:', 'https:') },
    ];
    for (const headers of others) {
      const answer = await withoutTrace(service, () => send({ token }, headers));
      expectProblem(answer, 403, 'cross_site');
    }
    expect((await send({ token })).status).toBe(200);
  });

  it('refuses bodies that are none', async () => {
    await refusesOtherBodies(service, (body) => send(body));
    const bad = {
      'no value': undefined,
      null: null,
      'a number': 5,
      'a list': [token],
      long: 'x'.repeat(101),
    };
    await refusesEach(service, 'token', bad, (value) => send({ token: value }));
  });
});
