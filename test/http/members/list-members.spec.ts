import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { cursorOf, itemsOf, pluck, walk } from '../../support/pages.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs/{orgId}/members', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const list = (query = '', of = org) => of.manager.get(of.path(`/members${query}`));

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    for (let index = 0; index < 5; index += 1) {
      const email = `m${index}@example.com`;
      await org.manager.post(org.path('/members'), { email, name: `M${index}`, role: 'member' });
    }
    await org.manager.post(org.path('/service-accounts'), { name: 'Robot' });
  });
  after(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/members`),
  });

  it('shows everybody in the order in which they were added', async () => {
    const answer = await list();
    const items = itemsOf(answer);
    expect(items.map(({ name, role }) => [name, role])).toEqual([
      ['A manager', 'manager'],
      ['A member', 'member'],
      ...Array.from({ length: 5 }, (_, index) => [`M${index}`, 'member']),
      ['Robot', 'member'],
    ]);
    expect(answer.body.nextCursor).toBeNull();
    for (const item of items) {
      const read = await org.manager.get(org.path(`/members/${item.userId as string}`));
      expect(read.body).toEqual(item);
    }
  });

  it('shows operators the same', async () => {
    const path = org.path('/members');
    expect((await service.operator.get(path)).body).toEqual((await org.manager.get(path)).body);
  });

  it('shows the same members page by page, without gaps or duplicates', async () => {
    const whole = (await list()).body.items as unknown[];
    for (const limit of [1, 3, 8]) {
      const pages = await walk(list, `limit=${limit}`);
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(whole.length / limit));
    }
  });

  it('shows members added in the same millisecond once each', async () => {
    await service.db.query(
      `WITH added AS (
         INSERT INTO users (id, kind, name)
         SELECT 'usr_' || lpad(i::text, 26, '0'), 'service', 'Same' FROM generate_series(1, 9) i
         RETURNING id)
       INSERT INTO memberships (org_id, user_id, role, created_at)
       SELECT $1, id, 'member', '2031-01-01' FROM added`,
      [other.id],
    );
    const ids = (await walk((query) => list(query, other), 'limit=2'))
      .flat()
      .map(({ userId }) => userId);
    expect(ids).toHaveLength(11);
    expect(new Set(ids).size).toBe(11);
  });

  it('shows nothing of another organisation to a cursor from there', async () => {
    const { body } = await list('?limit=1');
    const theirs = await list(`?cursor=${body.nextCursor as string}`, other);
    expect(new Set(pluck(theirs, 'orgId'))).toEqual(new Set([other.id]));
  });

  it('does not show people who were removed', async () => {
    const added = await org.manager.post(org.path('/members'), {
      email: 'gone@example.com',
      name: 'Gone',
      role: 'member',
    });
    const userId = added.body.userId as string;
    await org.manager.delete(org.path(`/members/${userId}`));
    expect((await list()).text).not.toContain(userId);
  });

  it('refuses limits that are none, and parameters that it does not know', async () => {
    await refusesEach(service, 'limit', { zero: '0', many: '101', word: 'x', empty: '' }, (limit) =>
      list(`?limit=${limit}`),
    );
    const answer = await list('?role=manager');
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.detail).toContain('role');
  });

  it('refuses cursors that it did not give out', async () => {
    const time = '2031-01-01T00:00:00.000Z';
    const cursors = [cursorOf(['', 'x']), cursorOf(['2031', 'x']), cursorOf([time, 'usr_\0'])];
    for (const cursor of ['', 'x', cursorOf({}), cursorOf([time]), ...cursors]) {
      const answer = await list(`?cursor=${cursor}`);
      expect({ cursor, status: answer.status }).toEqual({ cursor, status: 400 });
      expectProblem(answer, 400, 'invalid_request');
    }
  });
});
