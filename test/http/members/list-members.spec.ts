import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { cursorOf, itemsOf, pluck, walk } from '../../support/pages.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/members', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const list = (query = '', of = org) => of.manager.get(of.path(`/members${query}`));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    for (let index = 0; index < 5; index += 1) {
      const email = `m${index}@example.com`;
      await org.manager.post(org.path('/members'), { email, name: `M${index}`, role: 'member' });
    }
    await org.manager.post(org.path('/service-accounts'), { name: 'Robot' });
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/members`),
  });

  it('shows everybody in the order in which they were added', async () => {
    const response = await list();
    const items = itemsOf(response);
    expect(items.map(({ name, role }) => [name, role])).toEqual([
      ['A manager', 'manager'],
      ['A member', 'member'],
      ...Array.from({ length: 5 }, (_, index) => [`M${index}`, 'member']),
      ['Robot', 'member'],
    ]);
    expect(response.body.nextCursor).toBeNull();
    for (const item of items) {
      const read = await org.manager.get(org.path(`/members/${item.userId as string}`));
      expect(read.body).toEqual({
        ...item,
        activeKeys: expect.any(Number),
        invitation: item.kind === 'person' ? expect.any(Object) : null,
      });
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
    await refusesEach(service, 'limit', { zero: '0', many: '101', word: 'x' }, (limit) =>
      list(`?limit=${limit}`),
    );
    const unknown = await list('?status=active');
    expectProblem(unknown, 400, 'invalid_request');
    expect(unknown.body.detail).toContain('status');
    for (const query of ['role=owner', 'role=', 'kind=robot', 'search=%20', 'total=yes']) {
      expectProblem(await list(`?${query}`), 400, 'invalid_request');
    }
  });

  describe('with filters', () => {
    const names = async (query: Record<string, string>) =>
      pluck(await list(`?${new URLSearchParams(query).toString()}`), 'name');

    it('finds a part of the name or of the address, in any letter case', async () => {
      await org.manager.post(org.path('/members'), {
        email: 'needle@example.com',
        name: 'Ärger %_',
        role: 'member',
      });
      for (const search of ['ärg', 'RGER', 'Needle@', 'a\u0308', '%', '_', ' %_']) {
        expect(await names({ search })).toEqual(['Ärger %_']);
      }
      expect(await names({ search: 'm3@EXAMPLE' })).toEqual(['M3']);
      expect(await names({ search: 'nobody' })).toEqual([]);
    });

    it('does not find the name that a person has elsewhere', async () => {
      await service.operator.post('/v1/users', { email: 'two@example.com', name: 'Secret Name' });
      const added = { email: 'two@example.com', name: 'Given', role: 'member' };
      await org.manager.post(org.path('/members'), added);
      expect(await names({ search: 'secret' })).toEqual([]);
      expect(await names({ search: 'given' })).toEqual(['Given']);
    });

    it('finds managers and service accounts', async () => {
      expect(await names({ role: 'manager' })).toEqual(['A manager']);
      expect(await names({ kind: 'service' })).toEqual(['Robot']);
      expect(await names({ kind: 'service', role: 'manager' })).toEqual([]);
    });

    it('counts what matches, if that is asked for, and only here', async () => {
      const first = await list('?search=M&limit=1&total=true&kind=person');
      const all = await names({ search: 'm', kind: 'person' });
      expect(first.body.total).toBe(all.length);
      const next = await list(`?total=true&cursor=${first.body.nextCursor as string}`);
      expect(next.body.total).toBe(all.length);
      expect(pluck(next, 'name')).toEqual(all.slice(1));
      expect((await list()).body).not.toHaveProperty('total');
      expect((await list('?search=M0&total=true', other)).body).toMatchObject({ total: 0 });
    });

    it('refuses others beside a cursor', async () => {
      const { body } = await list('?kind=person&limit=1');
      const cursor = body.nextCursor as string;
      expect((await list(`?kind=person&cursor=${cursor}`)).status).toBe(200);
      for (const query of ['kind=service', 'role=member', 'search=a']) {
        expectProblem(await list(`?${query}&cursor=${cursor}`), 400, 'invalid_request');
      }
    });
  });

  it('refuses cursors that it did not give out', async () => {
    const time = '2031-01-01T00:00:00.000Z';
    const cursors = [
      ['', 'x'],
      ['2031', 'x'],
      [time, 'usr_\0'],
    ].map((c) => cursorOf([...c, {}]));
    for (const cursor of ['x', cursorOf({}), cursorOf([time]), ...cursors]) {
      const response = await list(`?cursor=${cursor}`);
      expect({ cursor, status: response.status }).toEqual({ cursor, status: 400 });
      expectProblem(response, 400, 'invalid_request');
    }
  });
});
