import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { badEmails } from '../../support/emails.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { cursorOf, itemsOf, walk } from '../../support/pages.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/users', () => {
  let service: Service;
  let org: Organisation;
  const list = (query = '') => service.operator.get(`/v1/users${query}`);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    for (let index = 0; index < 6; index += 1) {
      await service.operator.post('/v1/users', { email: `u${index}@example.com`, name: 'U' });
    }
    await org.manager.post(org.path('/service-accounts'), { name: 'Robot' });
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'users:read',
    send: (who) => who.get('/v1/users'),
  });

  it('shows everybody in the order of creation, service accounts among them', async () => {
    const response = await list();
    const seen = itemsOf(response).map(({ kind, name, email }) => [kind, name, email]);
    expect(seen).toEqual([
      ['service', 'operator', null],
      ['person', 'A manager', org.manager.email],
      ['person', 'A member', org.member.email],
      ...Array.from({ length: 6 }, (_, index) => ['person', 'U', `u${index}@example.com`]),
      ['service', 'Robot', null],
    ]);
    expect(response.body.nextCursor).toBeNull();
  });

  it('shows the same users page by page, without gaps or duplicates', async () => {
    const whole = (await list()).body.items as unknown[];
    for (const limit of [1, 3, 5, 10]) {
      const pages = await walk(list, `limit=${limit}`);
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(whole.length / limit));
    }
  });

  it('shows users created in the same millisecond once each', async () => {
    await service.db.query(
      `INSERT INTO users (id, kind, email, name, created_at)
       SELECT 'usr_' || lpad(i::text, 26, '0'), 'person', 'same' || i || '@example.com', 'Same', '2031-01-01'
       FROM generate_series(1, 9) i`,
    );
    const found = (await walk(list, 'limit=2')).flat().map(({ id }) => id);
    expect(new Set(found).size).toBe(found.length);
    expect(found.slice(-9)).toEqual(
      Array.from({ length: 9 }, (_, index) => `usr_${String(index + 1).padStart(26, '0')}`),
    );
  });

  it('finds the one user with an e-mail address, in whichever letter case', async () => {
    for (const email of ['u3@example.com', 'U3@EXAMPLE.com', 'u3@EXAMPLE.COM']) {
      const { status, body } = await list(`?email=${encodeURIComponent(email)}`);
      expect(status).toBe(200);
      expect(body.items).toEqual([expect.objectContaining({ email: 'u3@example.com' })]);
      expect(body.nextCursor).toBeNull();
    }
  });

  it('finds nobody with an address that nobody has, nor with the beginning of one', async () => {
    for (const email of ['nobody@example.com', 'u@example.com', 'u3@example.co']) {
      expect((await list(`?email=${email}`)).body).toEqual({ items: [], nextCursor: null });
    }
  });

  it('refuses addresses that are none', () => {
    const texts = Object.entries(badEmails).filter(([, value]) => typeof value === 'string');
    // A URL cannot carry half a surrogate pair.
    const sendable = texts.filter(([, value]) => !/\p{Cs}/u.test(value as string));
    return refusesEach(service, 'email', Object.fromEntries(sendable), (email) =>
      list(`?email=${encodeURIComponent(email as string)}`),
    );
  });

  it('refuses limits that are none, and parameters that it does not know', async () => {
    await refusesEach(service, 'limit', { zero: '0', many: '101', word: 'x' }, (limit) =>
      list(`?limit=${limit}`),
    );
    const response = await list('?status=active');
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('status');
  });

  it('refuses cursors that it did not give out', async () => {
    const { id } = (await list()).body.items[0] as { id: string };
    const cursors = [
      'x',
      cursorOf(['', id, {}]),
      cursorOf(['yesterday', id, {}]),
      cursorOf(['2031-13-01T00:00:00.000Z', id, {}]),
      cursorOf(['0000-01-01T00:00:00.000Z', id, {}]),
      cursorOf(['2031-02-30T00:00:00.000Z', id, {}]),
      cursorOf(['2031-01-01T24:00:00.000Z', id, {}]),
      cursorOf(['2031-01-01T00:00:00.000Z', 'usr_\0', {}]),
      cursorOf(['2031-01-01T00:00:00.000Z', 5, {}]),
    ];
    for (const cursor of cursors) {
      const response = await list(`?cursor=${cursor}`);
      const what = Buffer.from(cursor, 'base64url').toString();
      expect({ what, status: response.status }).toEqual({ what, status: 400 });
      expectProblem(response, 400, 'invalid_request');
    }
  });
});
