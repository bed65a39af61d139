import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn, type Browser } from '../../support/sessions.js';

const day = 24 * 3_600_000;

/** The date of that day, in UTC. */
const dateIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

describe('the expiry of a new key', () => {
  let service: Service;
  let org: Organisation;
  /** In a session, which the policy alone limits. */
  let manager: Browser;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    manager = await signIn(service, org.manager);
  });
  afterAll(() => service.stop());

  const create = (expiry: object) => () =>
    manager.post(org.path('/keys'), { name: 'a key', scope: 'read', ...expiry });

  /** Lifetime in days, to the millisecond to which times are stored. */
  const lifetime = ({ createdAt, expiresAt }: Record<string, unknown>) =>
    Math.round((Date.parse(expiresAt as string) - Date.parse(createdAt as string)) / 10) /
    (day / 10);

  const expectRefused = async (expiry: object, detail: string) => {
    const response = await expectRefusal(service, create(expiry), 400, 'expiry_not_allowed');
    expect(response.body.detail).toContain(detail);
  };

  for (const days of [30, 90, 180, 365, 1, 45, 364]) {
    it(`is ${days} times 24 hours after its creation with expiresInDays ${days}`, async () => {
      const { secret, body } = await createKey(manager, org, { expiresInDays: days });
      expect(lifetime(body)).toBe(days);
      expect(await verify(service, secret)).toMatchObject({ expiresAt: body.expiresAt });
    });
  }

  it('is 90 days after its creation when none is given', async () => {
    expect(lifetime((await createKey(manager, org)).body)).toBe(90);
  });

  it('is the end of the given day in UTC', async () => {
    const date = dateIn(40);
    const { body } = await createKey(manager, org, { expiresAt: date });
    expect(body.expiresAt).toBe(`${dateIn(41)}T00:00:00.000Z`);
  });

  it('may be the end of today', async () => {
    const { body } = await createKey(manager, org, { expiresAt: dateIn(0) });
    expect(body).toMatchObject({ state: 'active', expiresAt: `${dateIn(1)}T00:00:00.000Z` });
  });

  it('is the given instant, in whatever zone it was sent', async () => {
    const date = dateIn(40);
    const at = async (expiresAt: string) =>
      (await createKey(manager, org, { expiresAt })).body.expiresAt;
    expect(await at(`${date}T12:00:00Z`)).toBe(`${date}T12:00:00.000Z`);
    expect(await at(`${date}T12:00:00.123Z`)).toBe(`${date}T12:00:00.123Z`);
    expect(await at(`${date}T12:00:00+02:00`)).toBe(`${date}T10:00:00.000Z`);
    expect(await at(`${date}T01:30:00-05:30`)).toBe(`${date}T07:00:00.000Z`);
  });

  it('is in the future', async () => {
    await expectRefused({ expiresAt: dateIn(-1) }, 'must be in the future');
    await expectRefused({ expiresAt: '2020-02-29' }, 'must be in the future');
    const past = new Date(Date.now() - 1_000).toISOString();
    await expectRefused({ expiresAt: past }, 'must be in the future');
    await expectRefused({ expiresAt: '0000-01-01T00:00:00Z' }, 'must be in the future');
  });

  it('is not beyond the greatest lifetime of the policy, 365 days unless changed', async () => {
    const most = '365 days at most';
    await expectRefused({ expiresInDays: 366 }, most);
    await expectRefused({ expiresInDays: 3_650 }, most);
    await expectRefused({ expiresAt: dateIn(366) }, most);
    await expectRefused({ expiresAt: '9999-12-30' }, most);
    const { status } = await create({ expiresAt: dateIn(364) })();
    expect(status).toBe(201);
  });

  it('is always there unless the policy allows keys without one', async () => {
    await expectRefused({ expiresAt: null }, 'must expire');
  });

  it('follows the policy of the organisation, and the keys that exist do not', async () => {
    const strict = await createOrganisation(service);
    const inCharge = await signIn(service, strict.manager);
    const old = await createKey(inCharge, strict, { expiresInDays: 365 });
    const policy = { defaultExpiryDays: 7, maxLifetimeDays: 30 };
    await strict.manager.patch(strict.path('/policy'), policy);
    expect(lifetime((await createKey(inCharge, strict)).body)).toBe(7);
    expect(lifetime((await createKey(inCharge, strict, { expiresInDays: 30 })).body)).toBe(30);
    const request = () =>
      strict.manager.post(strict.path('/keys'), { name: 'x', scope: 'read', expiresInDays: 31 });
    const { body } = await expectRefusal(service, request, 400, 'expiry_not_allowed');
    expect(body.detail).toContain('30 days at most');
    const { body: stored } = await strict.manager.get(strict.path(`/keys/${old.id}`));
    expect(stored.expiresAt).toBe(old.body.expiresAt);
  });

  it('can be none at all where the policy allows it, and such a key stays valid when it no longer does', async () => {
    const lax = await createOrganisation(service);
    const inCharge = await signIn(service, lax.manager);
    await lax.manager.patch(lax.path('/policy'), { allowNoExpiry: true });
    const { secret, body } = await createKey(inCharge, lax, { expiresAt: null });
    expect(body).toMatchObject({ expiresAt: null, state: 'active' });
    expect(lifetime((await createKey(inCharge, lax)).body)).toBe(90);
    await lax.manager.patch(lax.path('/policy'), { allowNoExpiry: false });
    expect(await verify(service, secret)).toMatchObject({ valid: true, expiresAt: null });
  });

  describe('of one that is made with a key', () => {
    const withKey = async (limits: object, input: object) => {
      const made = await createKey(manager, org, { scope: 'admin', ...limits });
      const send = () =>
        service.as(made.secret).post(org.path('/keys'), { name: 'heir', scope: 'read', ...input });
      return { end: made.body.expiresAt as string, send };
    };

    it('is that of the key where none is given, and never later', async () => {
      const { end, send } = await withKey({ expiresInDays: 1 }, {});
      expect((await send()).body.key.expiresAt).toBe(end);
    });

    it('is cut to it where it is later by less than a day: a key can make its like', async () => {
      const { end, send } = await withKey({ expiresInDays: 90 }, { expiresInDays: 90 });
      expect((await send()).body.key.expiresAt).toBe(end);
    });

    it('is refused beyond it, with the date that is possible and the way to go further', async () => {
      for (const input of [{ expiresInDays: 365 }, { expiresAt: dateIn(40) }]) {
        const { end, send } = await withKey({ expiresInDays: 30 }, input);
        const { body } = await expectRefusal(service, send, 403, 'exceeds_issuer');
        expect(body.detail).toContain(end);
        expect(body.detail).toMatch(/session of the console/);
      }
    });

    it('stays when the key is restricted or revoked', async () => {
      const maker = await createKey(manager, org, { scope: 'admin', expiresInDays: 30 });
      const { body } = await service
        .as(maker.secret)
        .post(org.path('/keys'), { name: 'heir', scope: 'read', expiresInDays: 20 });
      await manager.patch(org.path(`/keys/${maker.id}`), { expiresAt: dateIn(1) });
      await manager.delete(org.path(`/keys/${maker.id}`));
      expect(await verify(service, body.secret as string)).toMatchObject({
        valid: true,
        expiresAt: body.key.expiresAt,
      });
    });

    it('is as the policy has it where the key has none itself', async () => {
      const lax = await createOrganisation(service);
      await lax.manager.patch(lax.path('/policy'), { allowNoExpiry: true });
      const inCharge = await signIn(service, lax.manager);
      const maker = await createKey(inCharge, lax, { scope: 'admin', expiresAt: null });
      for (const expiry of [{ expiresInDays: 365 }, { expiresAt: null }]) {
        expect((await createKey(service.as(maker.secret), lax, expiry)).secret).toMatch(/^kf_/);
      }
    });

    it('binds operators who make keys for others, too', async () => {
      const request = () =>
        service.operator.post(org.path('/keys'), {
          name: 'a year',
          scope: 'read',
          ownerId: org.member.userId,
          expiresInDays: 365,
        });
      await expectRefusal(service, request, 403, 'exceeds_issuer');
    });
  });

  it('is refused in both ways at once', async () => {
    const both = { expiresInDays: 30, expiresAt: dateIn(30) };
    const { body } = await expectRefusal(service, create(both), 400, 'invalid_request');
    expect(body.errors).toEqual([
      { path: 'expiresAt', message: expect.stringContaining('not both') },
    ]);
    await expectRefusal(service, create({ ...both, expiresAt: null }), 400, 'invalid_request');
  });

  for (const [what, expiry] of Object.entries({
    'no days': { expiresInDays: 0 },
    'days before today': { expiresInDays: -1 },
    'parts of days': { expiresInDays: 1.5 },
    'days as text': { expiresInDays: '30' },
    'days beyond ten years': { expiresInDays: 3_651 },
    'null for days': { expiresInDays: null },
    'a day that no calendar has': { expiresAt: '2027-02-30' },
    'an instant of such a day': { expiresAt: '2027-02-30T00:00:00Z' },
    'a month that no calendar has': { expiresAt: '2027-13-01' },
    'an instant without a zone': { expiresAt: '2027-01-31T12:00:00' },
    'a zone that does not exist': { expiresAt: '2027-01-31T12:00:00+24:00' },
    'a 25th hour': { expiresAt: '2027-01-31T25:00:00Z' },
    'a time without a day': { expiresAt: '12:00:00Z' },
    'a number for an instant': { expiresAt: 1_800_000_000_000 },
    'an empty text': { expiresAt: '' },
    words: { expiresAt: 'never' },
    infinity: { expiresAt: 'infinity' },
    'a five-digit year': { expiresAt: '+010000-01-01T00:00:00Z' },
    'the end of the last four-digit year': { expiresAt: '9999-12-31' },
    'that end, as an instant': { expiresAt: '9999-12-31T23:59:59-12:00' },
    'an object': { expiresAt: {} },
  })) {
    it(`cannot be given as ${what}`, async () => {
      const { body } = await expectRefusal(service, create(expiry), 400, 'invalid_request');
      expect(body.errors).toEqual([
        { path: Object.keys(expiry)[0], message: expect.stringMatching(/./) },
      ]);
    });
  }
});
