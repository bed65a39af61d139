import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import type { Answer, Caller } from '../../support/client.js';
import { expectRefusal, expire } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs/{orgId}/keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  after(() => service.stop());

  const list = async (
    query: Record<string, string> = {},
    by: Pick<Caller, 'get'> = org.manager,
  ): Promise<Answer['body'][]> => {
    const { status, body } = await by.get(
      org.path(`/keys?${new URLSearchParams(query).toString()}`),
    );
    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    return body.items as Answer['body'][];
  };
  const names = async (query: Record<string, string>) =>
    (await list(query)).map(({ name }) => name as string);
  const ids = async (query: Record<string, string>, by?: Pick<Caller, 'get'>) =>
    (await list(query, by)).map(({ id }) => id as string);

  it('shows each key as reading it alone does, with a mask in place of the secret', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'read-write' });
    const { body, text, headers } = await org.manager.get(org.path('/keys?limit=100'));
    const { body: alone } = await org.manager.get(org.path(`/keys/${id}`));
    expect(body.items).toContainEqual(alone);
    expect(alone.masked).toBe(`kf_${secret.slice(3, 7)}…${secret.slice(-4)}`);
    expect(text).not.toContain(secret.slice(4, 20));
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('shows all keys of the organisation to managers and operators, and none of others', async () => {
    await createKey(other.manager, other);
    const { rows } = await service.db.query<{ id: string }>(
      'SELECT id FROM api_keys WHERE org_id = $1',
      [org.id],
    );
    const expected = rows.map(({ id }) => id).sort();
    expect(expected.length).toBeGreaterThan(2);
    expect((await ids({ limit: '100' })).sort()).toEqual(expected);
    expect((await ids({ limit: '100' }, service.operator)).sort()).toEqual(expected);
  });

  it('shows members their own keys only, also those that managers made for them', async () => {
    const person = await addPerson(service, org.id, 'member');
    const own = await createKey(person, org);
    const given = await createKey(org.manager, org, { ownerId: person.userId });
    expect((await ids({}, person)).sort()).toEqual([person.keyId, own.id, given.id].sort());
    expect(await ids({ owner: person.userId }, person)).toHaveLength(3);
    expect(await ids({ owner: org.manager.userId }, person)).toEqual([]);
    expect(await ids({ search: 'manager' }, person)).toEqual([]);
  });

  it('is filtered by owner', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { id } = await createKey(person, org);
    expect((await ids({ owner: person.userId })).sort()).toEqual([person.keyId, id].sort());
    expect(await ids({ owner: other.member.userId })).toEqual([]);
  });

  it('is filtered by state: each key is active, expired or revoked, and only one of them', async () => {
    const person = await addPerson(service, org.id, 'member');
    const active = await createKey(person, org);
    const endless = await createKey(person, org);
    await service.db.query('UPDATE api_keys SET expires_at = NULL WHERE id = $1', [endless.id]);
    const expired = await createKey(person, org);
    const revoked = await createKey(person, org);
    const both = await createKey(person, org);
    await expire(service, expired.id);
    await expire(service, both.id);
    for (const { id } of [revoked, both]) await org.manager.delete(org.path(`/keys/${id}`));
    const owner = person.userId;
    const expected = {
      active: [person.keyId, active.id, endless.id],
      expired: [expired.id],
      revoked: [revoked.id, both.id],
    };
    for (const [state, wanted] of Object.entries(expected)) {
      const keys = await list({ owner, state });
      expect(keys.map(({ id }) => id as string).sort()).toEqual(wanted.sort());
      expect(new Set(keys.map((key) => key.state as string))).toEqual(new Set([state]));
    }
    expect(await list({ owner })).toHaveLength(6);
  });

  describe('the search', () => {
    const all = [
      'Alpha',
      'alphabet',
      'ALPHA 2',
      'beta alpha',
      '100% sure',
      '100x sure',
      'snake_case',
      'snakeXcase',
      'back\\slash',
      'backslash',
      "quote's",
      'Äpfel',
      'äpfel 2',
      'Apfel',
      'ÉCOLE',
      'Ωmega',
      'ЖУК',
      '東京',
      '東京都',
      '🔑 key',
      'zz\u{10ffff}a',
      'zz',
    ];

    before(async () => {
      org = await createOrganisation(service);
      for (const name of all) await createKey(org.manager, org, { name });
    });

    for (const [search, expected] of Object.entries({
      alpha: ['Alpha', 'ALPHA 2', 'alphabet'],
      'ALPHA ': ['Alpha', 'ALPHA 2', 'alphabet'],
      'alpha 2': ['ALPHA 2'],
      '%': [],
      '100%': ['100% sure'],
      snake_: ['snake_case'],
      _: [],
      'back\\': ['back\\slash'],
      '\\': [],
      "QUOTE'": ["quote's"],
      ä: ['Äpfel', 'äpfel 2'],
      ÄPFEL: ['Äpfel', 'äpfel 2'],
      a: ['Alpha', 'ALPHA 2', 'alphabet', 'Apfel'],
      école: ['ÉCOLE'],
      ωM: ['Ωmega'],
      жу: ['ЖУК'],
      東京: ['東京', '東京都'],
      '🔑': ['🔑 key'],
      zz: ['zz', 'zz\u{10ffff}a'],
      'zz\u{10ffff}': ['zz\u{10ffff}a'],
      lph: [],
    })) {
      it(`for ${JSON.stringify(search)} finds ${expected.length} names that begin with it, in any letter case`, async () => {
        expect(await names({ search, sort: 'name' })).toEqual(expected);
      });
    }

    it('goes with filters and any order', async () => {
      const found = await names({
        search: 'alpha',
        state: 'active',
        sort: 'created',
        order: 'asc',
      });
      expect(found).toEqual(['Alpha', 'alphabet', 'ALPHA 2']);
      expect(await names({ search: 'alpha', state: 'revoked' })).toEqual([]);
    });
  });

  describe('a query that is not understood', () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=1.5',
      'limit=ten',
      'limit=',
      'limit=1&limit=2',
      'state=live',
      'state=',
      'state=active&state=revoked',
      'owner=me',
      'owner=',
      'owner=key_00000000000000000000000000',
      'search=',
      'search=%20',
      'search=%00',
      'search=a%00b',
      'search=a%0Ab',
      `search=${'a'.repeat(101)}`,
      'search=a&search=b',
      'search[]=a',
      'sort=id',
      'sort=created_at',
      'sort=Name',
      'sort=name&sort=name',
      'order=up',
      'order=ASC',
      'page=2',
      'Limit=1',
    ]) {
      it(`is refused: ${query.slice(0, 40)}`, async () => {
        const request = () => org.manager.get(org.path(`/keys?${query}`));
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        const field = /^[a-zA-Z]+/.exec(query)?.[0] ?? '';
        expect(JSON.stringify(body.errors)).toContain(field);
      });
    }
  });

  it('is refused without a good key', async () => {
    const request = () => service.nobody.get(org.path('/keys'));
    await expectRefusal(service, request, 401, 'unauthenticated');
  });

  it('is refused to keys without keys:read, naming it', async () => {
    const { secret } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
    const request = () => service.as(secret).get(org.path('/keys'));
    const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
    expect(body).toMatchObject({ permission: 'keys:read' });
  });

  it('answers 404 for another organisation, a missing one and a malformed id, all alike', async () => {
    const answers = new Set<string>();
    for (const id of [other.id, `org_${'0'.repeat(26)}`, 'org_x', org.manager.keyId]) {
      const request = () => org.manager.get(`/v1/orgs/${id}/keys`);
      answers.add((await expectRefusal(service, request, 404, 'not_found')).text);
    }
    expect(answers.size).toBe(1);
  });
});
