import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { Browser, cookieOf, newLink, sameOrigin } from '../../support/sessions.js';

describe('POST /v1/session', () => {
  let service: Service;
  let org: Organisation;
  let token: string;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    token = await newLink(service, org.member.email);
  });

  const send = (body: unknown, headers: Record<string, string> = sameOrigin(service.url)) =>
    service.nobody.post('/v1/session', body, headers);

  it('signs the person in whose link it is, and says so in the log of the operators', async () => {
    const operators = await operatorOrgId(service);
    const { response, events } = await audited(service, operators, () => send({ token }));
    expect(response.status).toBe(200);
    expect(response.body.user).toMatchObject({ id: org.member.userId, email: org.member.email });
    expect(events).toMatchObject([
      {
        action: 'session.created',
        targetId: expect.stringMatching(/^ses_/),
        actor: { kind: 'console', orgId: null, userId: org.member.userId, keyId: null },
        after: { userId: org.member.userId },
      },
    ]);
    const browser = new Browser(service.nobody, service.url, cookieOf(response));
    const { user, organisations } = response.body;
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
    const responses = await Promise.all(Array.from({ length: 10 }, () => send({ token })));
    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)]);
    for (const response of responses.filter(({ status }) => status === 400)) {
      expectProblem(response, 400, 'sign_in_link_invalid');
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  });

  /** A link that a node of the release before has made. */
  async function earlierLink(): Promise<string> {
    const link = newSecret('link');
    await service.db.query(
      `INSERT INTO sign_in_links (user_id, token_hash) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, created_at = now()`,
      [org.member.userId, createHash('sha256').update(link).digest()],
    );
    return link;
  }

  it('uses all other links of the person up, and none of anybody else', async () => {
    const foreign = await newLink(service, org.manager.email);
    const others = [await newLink(service, org.member.email), await earlierLink()];
    expect((await send({ token })).status).toBe(200);
    for (const other of [...others, token]) {
      expectProblem(await send({ token: other }), 400, 'sign_in_link_invalid');
    }
    expect((await send({ token: foreign })).status).toBe(200);
  });

  it('of many who come with different links at once signs one in', async () => {
    const links = [token, await earlierLink()];
    for (let n = 0; n < 6; n += 1) links.push(await newLink(service, org.member.email));
    const responses = await Promise.all(links.map((link) => send({ token: link })));
    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
  });

  it('takes a link of a node of the release before, also when there are newer ones', async () => {
    const earlier = await earlierLink();
    expect((await send({ token: earlier })).status).toBe(200);
    for (const other of [earlier, token]) {
      expectProblem(await send({ token: other }), 400, 'sign_in_link_invalid');
    }
  });

  it('refuses a link that nobody made, or that is too old', async () => {
    for (const bad of [newSecret('link'), 'nonsense', '', service.operator.key]) {
      expectProblem(
        await withoutTrace(service, () => send({ token: bad })),
        400,
        'sign_in_link_invalid',
      );
    }
    const links = [token, await earlierLink()];
    for (const table of ['sign_in_tokens', 'sign_in_links']) {
      await service.db.query(`UPDATE ${table} SET created_at = now() - interval '15 minutes'`);
    }
    for (const link of links) {
      const late = await withoutTrace(service, () => send({ token: link }));
      expectProblem(late, 400, 'sign_in_link_invalid');
    }
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
      const response = await withoutTrace(service, () => send({ token }, headers));
      expectProblem(response, 403, 'cross_site');
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
