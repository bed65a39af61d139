import { after, before, beforeEach, describe, it } from 'node:test';
import { expect } from 'expect';
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
import { startService, type Service } from '../../support/service.js';

const defaults = {
  defaultExpiryDays: 90,
  maxLifetimeDays: 365,
  allowNoExpiry: false,
  memberKeys: 'own',
};

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

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  beforeEach(async () => {
    await service.operator.patch(org.path('/policy'), defaults);
  });
  after(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'org:admin',
    send: (who, orgId) => who.patch(`/v1/orgs/${orgId}/policy`, { allowNoExpiry: true }),
  });

  it('changes what is named, leaves the rest, and tells both in the audit log', async () => {
    const { answer, events } = await audited(service, org.id, () =>
      change({ defaultExpiryDays: 30, allowNoExpiry: true }),
    );
    const policy = { ...defaults, defaultExpiryDays: 30, allowNoExpiry: true };
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...policy, authSeq: expect.any(Number) });
    await expectAuthSeq(service, answer);
    expect((await org.member.get(org.path('/policy'))).body).toEqual(policy);
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
    const year = await createKey(org.manager, org, { expiresInDays: 365 });
    const eternal = await createKey(org.manager, org, { expiresAt: null });
    await change({ maxLifetimeDays: 30, defaultExpiryDays: 7, allowNoExpiry: false });
    for (const { id, secret, body } of [year, eternal]) {
      const read = (await org.manager.get(org.path(`/keys/${id}`))).body;
      expect(read).toMatchObject({ state: 'active', expiresAt: body.expiresAt });
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
    }
    expect(lifetime((await createKey(org.manager, org)).body)).toBe(7);
    expect(lifetime((await createKey(org.manager, org, { expiresInDays: 30 })).body)).toBe(30);
    for (const input of [{ expiresInDays: 31 }, { expiresAt: null }]) {
      const answer = await withoutTrace(service, () => attempt(org.manager, input));
      expectProblem(answer, 400, 'expiry_not_allowed');
    }
  });

  it('lets keys live longer than a year, and for ever, once the policy says so', async () => {
    await change({ maxLifetimeDays: 3650, allowNoExpiry: true });
    expect(lifetime((await createKey(org.manager, org, { expiresInDays: 3650 })).body)).toBe(3650);
    expect((await createKey(org.manager, org, { expiresAt: null })).body.expiresAt).toBeNull();
  });

  it('binds keys that operators create for members, too', async () => {
    await change({ maxLifetimeDays: 10, defaultExpiryDays: 10 });
    const answer = await withoutTrace(service, () =>
      service.operator.post(org.path('/keys'), {
        name: 'k',
        scope: 'read',
        ownerId: org.member.userId,
        expiresInDays: 11,
      }),
    );
    expectProblem(answer, 400, 'expiry_not_allowed');
  });

  it('binds no other organisation', async () => {
    await change({ maxLifetimeDays: 1, defaultExpiryDays: 1, memberKeys: 'none' });
    expect(lifetime((await createKey(other.member, other)).body)).toBe(90);
  });

  it('with memberKeys none, members cannot create keys and are told which managers to ask', async () => {
    await change({ memberKeys: 'none' });
    const answer = await withoutTrace(service, () => attempt(org.member));
    expectProblem(answer, 403, 'insufficient_permission');
    expect(answer.body).toMatchObject({ permission: 'keys:admin', managers: ['A manager'] });
    expect(answer.body.detail).toContain('keys:admin');
    expect(answer.body.detail).toContain(`Ask a manager of The ${org.slug}: A manager.`);
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
      const { answer, events } = await audited(service, org.id, () => change(body));
      expect(answer.status).toBe(200);
      expect(events).toEqual([]);
      await expectAuthSeq(service, answer);
    }
  });

  it('refuses a default expiry beyond the longest lifetime, in whichever order they come', async () => {
    const inputs = [
      { defaultExpiryDays: 366 },
      { maxLifetimeDays: 89 },
      { defaultExpiryDays: 20, maxLifetimeDays: 19 },
    ];
    for (const input of inputs) {
      const answer = await withoutTrace(service, () => change(input));
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body.detail).toMatch(/defaultExpiryDays.*maxLifetimeDays/);
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
    const answer = await withoutTrace(service, () => change({ maxLifetime: 5 }));
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.detail).toContain('maxLifetime');
    await refusesOtherBodies(service, change);
  });
});
