import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/common/ids.js';
import { audited } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { signIn, type Browser } from '../../support/sessions.js';

interface Listed {
  id: string;
  current: boolean;
  lastUsedAt: string;
  ip: string | null;
  userAgent: string | null;
}

let service: Service;
let org: Organisation;
let browser: Browser;
let elsewhere: Browser;

beforeAll(async () => {
  service = await startService();
  org = await createOrganisation(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  await service.db.query('DELETE FROM sessions');
  elsewhere = await signIn(service, org.member);
  browser = await signIn(service, org.member);
});

async function list(who = browser) {
  const { status, body } = await who.get('/v1/sessions');
  expect(status).toBe(200);
  return body as { items: Listed[]; total: number };
}

const refusesWithoutSession = (
  send: (who: { get: Browser['get']; delete: Browser['delete'] }) => ReturnType<Browser['get']>,
) => {
  it('is refused to strangers, and to keys', async () => {
    for (const who of [service.nobody, org.manager, service.operator]) {
      expectProblem(await withoutTrace(service, () => send(who)), 401, 'unauthenticated');
    }
  });
};

describe('GET /v1/sessions', () => {
  refusesWithoutSession((who) => who.get('/v1/sessions'));

  it('lists the sessions of the person alone, those used last first', async () => {
    await signIn(service, org.manager);
    await service.db.query(`UPDATE sessions SET seen_at = seen_at - interval '5 minutes'`);
    const ids = (await list()).items.map(({ id }) => id);
    expect(ids).toHaveLength(2);
    const { items, total } = await list(elsewhere);
    expect(total).toBe(2);
    expect(items.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(items.map(({ current }) => current)).toEqual([true, false]);
  });

  it('says from where each began', async () => {
    const [own] = (await list()).items;
    expect(own).toMatchObject({ ip: '127.0.0.1', current: true });
    expect(own?.userAgent).toEqual(expect.any(String));
    await service.db.query(`UPDATE sessions SET ip = NULL, user_agent = NULL`);
    expect((await list()).items[0]).toMatchObject({ ip: null, userAgent: null });
  });

  it('takes a browser that says a lot of itself', async () => {
    const third = await signIn(service, org.member, { 'user-agent': 'x'.repeat(5_000) });
    expect((await list(third)).items.find(({ current }) => current)?.userAgent).toBe(
      'x'.repeat(256),
    );
  });

  it('lists none that has ended, and says how many there are beyond a hundred', async () => {
    await service.db.query(`UPDATE sessions SET seen_at = seen_at - interval '30 minutes'`);
    await list();
    await service.db.query(`UPDATE sessions SET seen_at = seen_at - interval '40 minutes'`);
    expect(await list()).toMatchObject({ items: [{ current: true }], total: 1 });
    await service.db.query(
      `INSERT INTO sessions (id, user_id, token_hash)
       SELECT id, $1, sha256(id::bytea) FROM unnest($2::text[]) AS id`,
      [org.member.userId, Array.from({ length: 150 }, () => newId('ses'))],
    );
    const { items, total } = await list();
    expect([items.length, total]).toEqual([100, 151]);
  });
});

describe('DELETE /v1/sessions/{sessionId}', () => {
  refusesWithoutSession((who) => who.delete(`/v1/sessions/${newId('ses')}`));

  it('ends that one, at once, and is recorded', async () => {
    const [other] = (await list()).items.filter(({ current }) => !current);
    const { response, events } = await audited(service, await operatorOrgId(service), () =>
      browser.delete(`/v1/sessions/${other?.id ?? ''}`),
    );
    expect(response.status).toBe(204);
    expect(events).toMatchObject([
      {
        action: 'session.ended',
        targetId: other?.id,
        actor: { kind: 'console', userId: org.member.userId },
      },
    ]);
    expectProblem(await elsewhere.get('/v1/session'), 401, 'unauthenticated');
    expect((await browser.get('/v1/session')).status).toBe(200);
  });

  it('ends the one that asks as well', async () => {
    const [own] = (await list()).items;
    expect((await browser.delete(`/v1/sessions/${own?.id ?? ''}`)).status).toBe(204);
    expectProblem(await browser.get('/v1/session'), 401, 'unauthenticated');
  });

  it('finds none of somebody else, and none that is not there', async () => {
    const manager = await signIn(service, org.manager);
    const [theirs] = (await list(manager)).items;
    for (const id of [theirs?.id ?? '', newId('ses'), 'nonsense', newId('usr')]) {
      const send = () => browser.delete(`/v1/sessions/${id}`);
      expectProblem(await withoutTrace(service, send), 404, 'not_found');
    }
    expect((await manager.get('/v1/session')).status).toBe(200);
  });
});
