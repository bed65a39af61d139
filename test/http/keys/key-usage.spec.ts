import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import { itRefusesStrangers } from '../../support/access.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { untilUses } from '../../support/usage.js';

const dayLength = 24 * 3_600_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

describe('the use of keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  /** Each used a little, and differently. */
  let keys: Record<
    'whoami' | 'forwardAuth' | 'verified' | 'hostile' | 'refused' | 'unused',
    string
  >;
  let head: unknown;

  beforeAll(async () => {
    service = await startService({ settings: { trustedProxies: ['127.0.0.1'] } });
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    const make = () => createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
    const made = {
      whoami: await make(),
      forwardAuth: await make(),
      verified: await make(),
      hostile: await make(),
      refused: await make(),
      unused: await make(),
    };
    keys = Object.fromEntries(Object.entries(made).map(([name, { id }]) => [name, id])) as never;
    head = await headOf();
    const from = (ip: string) => ({ 'x-forwarded-for': ip, 'user-agent': 'test/1.0' });
    const ask = (body: object) => service.operator.post('/v1/verify', body);
    await service.as(made.whoami.secret).get('/v1/whoami', from('192.0.2.1'));
    await service.as(made.whoami.secret).get('/v1/orgs', from('192.0.2.2'));
    await service.as(made.forwardAuth.secret).get('/v1/forward-auth/any', from('192.0.2.3'));
    await ask({ key: made.verified.secret, ip: '::ffff:192.0.2.4', userAgent: 'Mozilla/5.0' });
    const userAgent = `\u0000\ud800${'x'.repeat(30_000)}`;
    await ask({ key: made.hostile.secret, ip: '192.0.2.5', userAgent });
    await ask({ key: made.hostile.secret, ip: '192.0.2.5', userAgent: newSecret('kf') });
    await service.as(made.refused.secret).get('/v1/whoami', from('198.51.100.1'));
    await ask({ key: made.refused.secret });
    await ask({ key: `${made.refused.secret}x` });
    await untilUses(service.db, keys.hostile, 2);
  });
  afterAll(() => service.stop());

  const headOf = async () => (await service.db.query('SELECT n FROM auth_head')).rows as unknown;
  const get = async (keyId: string): Promise<unknown> =>
    (await org.member.get(org.path(`/keys/${keyId}`))).body;
  const usage = (keyId: string, query = '', of = org.member) =>
    of.get(org.path(`/keys/${keyId}/usage${query}`));

  it('shows with the key: when last, from where, with what, and how often', async () => {
    const lastUsedAt = expect.any(String) as unknown;
    expect(await get(keys.whoami)).toMatchObject({
      lastUsedAt,
      lastUsedIp: '192.0.2.2',
      lastUsedUserAgent: 'test/1.0',
      uses: 2,
    });
    expect(await get(keys.forwardAuth)).toMatchObject({ lastUsedIp: '192.0.2.3', uses: 1 });
    const { body } = await org.manager.get(org.path('/keys?limit=100'));
    const listed = body.items as { id: string }[];
    for (const id of Object.values(keys)) {
      expect(listed.find((key) => key.id === id)).toEqual(await get(id));
    }
  });

  it('of a key that somebody asks about is that of its holder', async () => {
    expect(await get(keys.verified)).toMatchObject({
      lastUsedIp: '192.0.2.4',
      lastUsedUserAgent: 'Mozilla/5.0',
      uses: 1,
    });
  });

  it('keeps nothing of a User-Agent that could not be stored, or must not', async () => {
    expect(await get(keys.hostile)).toMatchObject({ lastUsedUserAgent: null, uses: 2 });
  });

  it('is no use where the key was refused', async () => {
    const never = { lastUsedAt: null, lastUsedIp: null, lastUsedUserAgent: null, uses: 0 };
    expect(await get(keys.refused)).toMatchObject(never);
    expect(await get(keys.unused)).toMatchObject(never);
  });

  it('changes nothing that a decision depends on', async () => {
    expect(await headOf()).toEqual(head);
  });

  describe('GET /v1/orgs/{orgId}/keys/{keyId}/usage', () => {
    itRefusesStrangers({
      service: () => service,
      org: () => org,
      other: () => other,
      permission: 'keys:read',
      forMembers: true,
      send: (who, orgId) => who.get(`/v1/orgs/${orgId}/keys/${keys.whoami}/usage`),
    });

    it('shows 30 days up to today, also those without a use', async () => {
      const { status, body } = await usage(keys.whoami);
      expect(status).toBe(200);
      const days = body.days as { day: string; uses: number }[];
      expect(days).toHaveLength(30);
      const last = Date.parse(days.at(-1)?.day ?? '');
      expect(days.map(({ day }) => day)).toEqual(
        Array.from({ length: 30 }, (_, n) => dayOf(last - (29 - n) * dayLength)),
      );
      // The uses can have been on the two sides of midnight.
      expect(days.slice(-2).reduce((sum, { uses }) => sum + uses, 0)).toBe(2);
      expect(days.slice(0, -2).every(({ uses }) => uses === 0)).toBe(true);
    });

    it('shows the days that are asked for', async () => {
      await service.db.query(
        `INSERT INTO key_usage_days VALUES ($1, '2024-02-29', 5000000000), ($1, '2024-03-02', 1)`,
        [keys.unused],
      );
      const { body } = await usage(keys.unused, '?from=2024-02-28&to=2024-03-01');
      expect(body).toEqual({
        days: [
          { day: '2024-02-28', uses: 0 },
          { day: '2024-02-29', uses: 5_000_000_000 },
          { day: '2024-03-01', uses: 0 },
        ],
      });
      const lone = await usage(keys.unused, '?from=2024-03-02&to=2024-03-02');
      expect(lone.body).toEqual({ days: [{ day: '2024-03-02', uses: 1 }] });
      const year = await usage(keys.unused, '?from=2024-01-01&to=2024-12-31');
      expect(year.body.days).toHaveLength(366);
      const edges = ['?to=1000-01-01', '?to=9999-12-31', '?from=1000-01-01&to=1000-01-01'];
      for (const query of edges) expect((await usage(keys.unused, query)).status).toBe(200);
    });

    for (const query of [
      '?from=2024-03-02&to=2024-03-01',
      '?from=2024-01-01&to=2025-01-01',
      '?from=1000-01-01&to=9999-12-31',
      '?from=9999-12-31',
      '?from=0000-12-31&to=0001-01-01',
      '?to=0999-12-31',
      '?from=2023-02-29',
      '?from=2024-01-01T00:00:00Z',
      '?from=',
      '?day=2024-01-01',
      '?from=2024-01-01&from=2024-01-02',
    ]) {
      it(`refuses ${query}`, async () => {
        expectProblem(await usage(keys.whoami, query), 400, 'invalid_request');
      });
    }

    it('shows members their own keys alone, and managers all', async () => {
      const theirs = await createKey(org.manager, org);
      expect((await usage(theirs.id)).status).toBe(404);
      expect((await usage(theirs.id, '', org.manager)).status).toBe(200);
      expect((await usage(keys.whoami, '', org.manager)).status).toBe(200);
    });
  });
});
