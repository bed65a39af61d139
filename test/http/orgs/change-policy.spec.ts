import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { itRefusesStrangers } from '../../support/access.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import {
  expectProblem,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { pluck } from '../../support/pages.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn } from '../../support/sessions.js';

const defaults = {
  defaultExpiryDays: 90,
  maxLifetimeDays: 365,
  allowNoExpiry: false,
  memberKeys: 'own',
};
const bounds = { maxKeysPerMember: 1_000, maxKeysPerOrg: 10_000 };

/** The lifetime of a new key in days, to about a minute: its two times are rounded differently. */
function lifetime({ createdAt, expiresAt }: Record<string, unknown>): number {
  const days = (Date.parse(expiresAt as string) - Date.parse(createdAt as string)) / 86_400_000;
  return Math.round(days * 1_000) / 1_000;
}

describe('PATCH /v1/orgs/{orgId}/policy', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const change = (body: unknown) => org.manager.patch(org.path('/policy'), body);
  const attempt = (who: Organisation['manager'], input: object = {}) =>
    who.post(org.path('/keys'), { name: 'k', scope: 'read', ...input });

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  beforeEach(async () => {
    await service.operator.patch(org.path('/policy'), defaults);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'org:admin',
    send: (who, orgId) => who.patch(`/v1/orgs/${orgId}/policy`, { allowNoExpiry: true }),
  });

  it('changes what is named, leaves the rest, and records both in the audit log', async () => {
    const { response, events } = await audited(service, org.id, () =>
      change({ defaultExpiryDays: 30, allowNoExpiry: true }),
    );
    const policy = { ...defaults, defaultExpiryDays: 30, allowNoExpiry: true };
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ ...policy, bounds, authSeq: expect.any(Number) });
    await expectAuthSeq(service, response);
    expect((await org.member.get(org.path('/policy'))).body).toEqual({ ...policy, bounds });
    expect(events).toEqual([
      expect.objectContaining({
        action: 'org.policy_changed',
        targetId: org.id,
        before: defaults,
        after: policy,
      }),
    ]);
  });

  it('binds new keys and leaves the old ones as they are', async () => {
    await change({ allowNoExpiry: true });
    const manager = await signIn(service, org.manager);
    const year = await createKey(manager, org, { expiresInDays: 365 });
    const eternal = await createKey(manager, org, { expiresAt: null });
    await change({ maxLifetimeDays: 30, defaultExpiryDays: 7, allowNoExpiry: false });
    for (const { id, secret, body } of [year, eternal]) {
      const read = (await org.manager.get(org.path(`/keys/${id}`))).body;
      expect(read).toMatchObject({ state: 'active', expiresAt: body.expiresAt });
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
    }
    expect(lifetime((await createKey(org.manager, org)).body)).toBe(7);
    expect(lifetime((await createKey(org.manager, org, { expiresInDays: 30 })).body)).toBe(30);
    for (const input of [{ expiresInDays: 31 }, { expiresAt: null }]) {
      const response = await withoutTrace(service, () => attempt(org.manager, input));
      expectProblem(response, 400, 'expiry_not_allowed');
    }
  });

  it('lets keys live longer than a year, and without a limit, once the policy says so', async () => {
    await change({ maxLifetimeDays: 3650, allowNoExpiry: true });
    const manager = await signIn(service, org.manager);
    expect(lifetime((await createKey(manager, org, { expiresInDays: 3650 })).body)).toBe(3650);
    expect((await createKey(manager, org, { expiresAt: null })).body.expiresAt).toBeNull();
  });

  it('binds keys that operators create for members, too', async () => {
    await change({ maxLifetimeDays: 10, defaultExpiryDays: 10 });
    const response = await withoutTrace(service, () =>
      service.operator.post(org.path('/keys'), {
        name: 'k',
        scope: 'read',
        ownerId: org.member.userId,
        expiresInDays: 11,
      }),
    );
    expectProblem(response, 400, 'expiry_not_allowed');
  });

  it('binds no other organisation', async () => {
    await change({ maxLifetimeDays: 1, defaultExpiryDays: 1, memberKeys: 'none' });
    // A key's own expiry would cut it.
    const member = await signIn(service, other.member);
    expect(lifetime((await createKey(member, other)).body)).toBe(90);
  });

  it('with memberKeys none, members cannot create keys and learn which managers to ask', async () => {
    await change({ memberKeys: 'none' });
    const response = await withoutTrace(service, () => attempt(org.member));
    expectProblem(response, 403, 'insufficient_permission');
    expect(response.body).toMatchObject({ permission: 'keys:admin', managers: ['A manager'] });
    expect(response.body.detail).toContain('keys:admin');
    expect(response.body.detail).toContain(`Ask a manager of The ${org.slug}: A manager.`);
  });

  it('with memberKeys none, members still see and revoke what they have, and change nothing', async () => {
    const mine = await createKey(org.member, org);
    await change({ memberKeys: 'none' });
    const list = await org.member.get(org.path('/keys'));
    expect(pluck(list, 'id')).toContain(mine.id);
    expect((await service.as(mine.secret).get('/v1/whoami')).status).toBe(200);
    const path = org.path(`/keys/${mine.id}`);
    const renamed = await withoutTrace(service, () => org.member.patch(path, { name: 'mine' }));
    expectProblem(renamed, 403, 'insufficient_permission');
    expect(renamed.body.managers).toEqual(['A manager']);
    expect((await org.member.delete(path)).body).toMatchObject({ id: mine.id, state: 'revoked' });
  });

  it('with memberKeys none, managers still create keys, also for members', async () => {
    await change({ memberKeys: 'none' });
    expect((await attempt(org.manager)).status).toBe(201);
    expect((await attempt(org.manager, { ownerId: org.member.userId })).status).toBe(201);
  });

  it('lets members create keys again as soon as memberKeys is own', async () => {
    await change({ memberKeys: 'none' });
    expect((await attempt(org.member)).status).toBe(403);
    await change({ memberKeys: 'own' });
    expect((await attempt(org.member)).status).toBe(201);
  });

  it('writes no event when the policy stays as it is', async () => {
    for (const body of [{}, { defaultExpiryDays: 90 }, defaults]) {
      const { response, events } = await audited(service, org.id, () => change(body));
      expect(response.status).toBe(200);
      expect(events).toEqual([]);
      await expectAuthSeq(service, response);
    }
  });

  it('refuses a default expiry beyond the longest lifetime, in whichever order they come', async () => {
    const inputs = [
      { defaultExpiryDays: 366 },
      { maxLifetimeDays: 89 },
      { defaultExpiryDays: 20, maxLifetimeDays: 19 },
    ];
    for (const input of inputs) {
      const response = await withoutTrace(service, () => change(input));
      expectProblem(response, 400, 'invalid_request');
      expect(response.body.detail).toMatch(/defaultExpiryDays.*maxLifetimeDays/);
    }
    expect((await change({ defaultExpiryDays: 500, maxLifetimeDays: 500 })).status).toBe(200);
  });

  for (const field of ['defaultExpiryDays', 'maxLifetimeDays']) {
    it(`refuses ${field} that is no number of days from 1 to 3650`, () =>
      refusesEach(
        service,
        field,
        {
          zero: 0,
          negative: -1,
          half: 1.5,
          'too many': 3651,
          text: '30',
          null: null,
          list: [30],
          huge: 1e300,
        },
        (days) => change({ [field]: days }),
      ));
  }

  it('refuses allowNoExpiry that is neither true nor false', () =>
    refusesEach(service, 'allowNoExpiry', { text: 'true', number: 1, null: null }, (value) =>
      change({ allowNoExpiry: value }),
    ));

  it('refuses memberKeys that is neither own nor none', () =>
    refusesEach(
      service,
      'memberKeys',
      { other: 'all', case: 'Own', null: null, false: false },
      (value) => change({ memberKeys: value }),
    ));

  it('refuses fields that it does not know, and bodies that are no object', async () => {
    const response = await withoutTrace(service, () => change({ maxLifetime: 5 }));
    expectProblem(response, 400, 'invalid_request');
    expect(response.body.detail).toContain('maxLifetime');
    await refusesOtherBodies(service, change);
  });
});
