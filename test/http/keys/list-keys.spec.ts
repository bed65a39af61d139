import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse, Caller } from '../../support/client.js';
import { expectRefusal, expire } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const list = async (
    query: Record<string, string> = {},
    by: Pick<Caller, 'get'> = org.manager,
  ): Promise<ApiResponse['body'][]> => {
    const { status, body } = await by.get(
      org.path(`/keys?${new URLSearchParams(query).toString()}`),
    );
    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    return body.items as ApiResponse['body'][];
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

  it('is filtered by the key that created them, whose they are and what became of them', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const by = { ...org.manager, ...service.as(maker.secret) };
    const own = await createKey(by, org);
    const given = await createKey(by, org, { ownerId: org.member.userId });
    const revoked = await createKey(by, org);
    await org.manager.delete(org.path(`/keys/${revoked.id}`));
    const createdBy = maker.id;
    expect(await ids({ createdBy })).toEqual([revoked.id, given.id, own.id]);
    expect(await ids({ createdBy, order: 'asc' })).toEqual([own.id, given.id, revoked.id]);
    expect(await ids({ createdBy, state: 'active' })).toEqual([given.id, own.id]);
    expect(await ids({ createdBy, owner: org.member.userId })).toEqual([given.id]);
    expect(await ids({ createdBy }, org.member)).toEqual([given.id]);
    expect(await ids({ createdBy: other.manager.keyId })).toEqual([]);
    expect(await ids({ createdBy: `key_${'0'.repeat(26)}` })).toEqual([]);
  });

  it('shows of the keys that an operator created only those of the organisation', async () => {
    const { body } = await service.operator.get('/v1/whoami');
    const createdBy = body.keyId as string;
    const all = await ids({ createdBy, limit: '100' });
    expect(all).toContain(org.member.keyId);
    expect(all).not.toContain(other.member.keyId);
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

  it('takes an empty limit, cursor and search as absent', async () => {
    const whole = await org.manager.get(org.path('/keys?sort=name'));
    const query = 'sort=name&limit=&cursor=&search=';
    const { status, body } = await org.manager.get(org.path(`/keys?${query}`));
    expect({ status, body }).toEqual({ status: 200, body: whole.body });
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
      'N\u0303un\u0303u',
      'Ωmega',
      'ΟΔΟΣ',
      'ΟΔΟΣΑ',
      'ЖУК',
      '東京',
      '東京都',
      '🔑 key',
      'zz\u{10ffff}a',
      'zz',
    ];

    beforeAll(async () => {
      org = await createOrganisation(service);
      for (const name of all) await createKey(org.manager, org, { name });
    });

    for (const [search, expected] of Object.entries({
      alpha: ['Alpha', 'ALPHA 2', 'alphabet', 'beta alpha'],
      'ALPHA ': ['Alpha', 'ALPHA 2', 'alphabet', 'beta alpha'],
      'alpha 2': ['ALPHA 2'],
      '%': ['100% sure'],
      '100%': ['100% sure'],
      '0%s': [],
      '0% s': ['100% sure'],
      snake_: ['snake_case'],
      _: ['snake_case'],
      'back\\': ['back\\slash'],
      '\\': ['back\\slash'],
      SLASH: ['back\\slash', 'backslash'],
      "QUOTE'": ["quote's"],
      ä: ['Äpfel', 'äpfel 2'],
      ÄPFEL: ['Äpfel', 'äpfel 2'],
      pfel: ['Apfel', 'Äpfel', 'äpfel 2'],
      A: [
        'Alpha',
        'ALPHA 2',
        'alphabet',
        'Apfel',
        'back\\slash',
        'backslash',
        'beta alpha',
        'manager key',
        'snake_case',
        'snakeXcase',
        'zz\u{10ffff}a',
        'Ωmega',
      ],
      école: ['ÉCOLE'],
      'e\u0301cole': ['ÉCOLE'],
      ñu: ['\u00d1u\u00f1u'],
      uñ: ['\u00d1u\u00f1u'],
      ωM: ['Ωmega'],
      ΣΑ: ['ΟΔΟΣΑ'],
      οδος: ['ΟΔΟΣ', 'ΟΔΟΣΑ'],
      ΟΔΟΣ: ['ΟΔΟΣ', 'ΟΔΟΣΑ'],
      жу: ['ЖУК'],
      東京: ['東京', '東京都'],
      '🔑': ['🔑 key'],
      zz: ['zz', 'zz\u{10ffff}a'],
      'zz\u{10ffff}': ['zz\u{10ffff}a'],
      lph: ['Alpha', 'ALPHA 2', 'alphabet', 'beta alpha'],
      'a  l': [],
    })) {
      it(`for ${JSON.stringify(search)} finds ${expected.length} names that contain it, in any letter case`, async () => {
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
      expect(found).toEqual(['Alpha', 'alphabet', 'ALPHA 2', 'beta alpha']);
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
      'limit=1&limit=2',
      'state=live',
      'state=',
      'state=active&state=revoked',
      'owner=me',
      'owner=',
      'owner=key_00000000000000000000000000',
      'createdBy=',
      'createdBy=key_x',
      'createdBy=usr_00000000000000000000000000',
      `createdBy=key_${'0'.repeat(26)}&createdBy=key_${'0'.repeat(26)}`,
      'search=%20',
      'search=%00',
      'search=a%00b',
      'search=a%0Ab',
      `search=${'a'.repeat(101)}`,
      'search=a&search=b',
      'search[]=a',
      'scope=write',
      'scope=',
      'tag=',
      'tag=a%20b',
      'createdAfter=yesterday',
      'createdBefore=2026-01-01',
      'createdBefore=',
      'lastUsedBefore=2026-02-30T00:00:00Z',
      'expiresBefore=infinity',
      'total=1',
      'total=',
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

  it('is refused without a valid key', async () => {
    const request = () => service.nobody.get(org.path('/keys'));
    await expectRefusal(service, request, 401, 'unauthenticated');
  });

  it('is refused to keys without keys:read, naming it', async () => {
    const { secret } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
    const request = () => service.as(secret).get(org.path('/keys'));
    const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
    expect(body).toMatchObject({ permission: 'keys:read' });
  });

  it('responds with 404 for another organisation, a missing one and a malformed id, all alike', async () => {
    const responses = new Set<string>();
    for (const id of [other.id, `org_${'0'.repeat(26)}`, 'org_x', org.manager.keyId]) {
      const request = () => org.manager.get(`/v1/orgs/${id}/keys`);
      responses.add((await expectRefusal(service, request, 404, 'not_found')).text);
    }
    expect(responses.size).toBe(1);
  });
});
