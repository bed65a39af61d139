import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { itIsForOperators } from '../../support/access.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { join, operatorOrgId, whoamiStatuses } from '../../support/persons.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('POST /v1/orgs/{orgId}/suspend and /resume', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const suspend = () => service.operator.post(org.path('/suspend'));
  const resume = () => service.operator.post(org.path('/resume'));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  for (const action of ['suspend', 'resume']) {
    describe(action, () => {
      itIsForOperators({
        service: () => service,
        org: () => org,
        permission: 'orgs:admin',
        namesOrg: true,
        send: (who) => who.post(org.path(`/${action}`)),
      });

      it('responds with 404 to managers of another organisation, also for a missing one', async () => {
        for (const id of [org.id, missing.org, ...malformedIds]) {
          const response = await withoutTrace(service, () =>
            other.manager.post(`/v1/orgs/${id}/${action}`),
          );
          expect({ id, status: response.status }).toEqual({ id, status: 404 });
        }
      });

      it('responds with 404 where there is no such organisation', async () => {
        for (const id of [missing.org, ...malformedIds]) {
          const response = await withoutTrace(service, () =>
            service.operator.post(`/v1/orgs/${id}/${action}`),
          );
          expect({ id, status: response.status }).toEqual({ id, status: 404 });
        }
      });
    });
  }

  it('denies every key of the organisation at once, and resuming restores them all', async () => {
    const keys = [org.manager.key, org.member.key];
    for (const scope of ['read', 'read-write', 'admin']) {
      keys.push((await createKey(org.member, org, { scope })).secret);
    }
    expect(await whoamiStatuses(service, keys)).toEqual(keys.map(() => 200));
    const suspended = await audited(service, org.id, suspend);
    expect(suspended.response.status).toBe(200);
    expect(suspended.response.body).toMatchObject({ id: org.id, status: 'suspended' });
    await expectAuthSeq(service, suspended.response);
    expect(await whoamiStatuses(service, keys)).toEqual(keys.map(() => 401));
    for (const key of keys) {
      const { body } = await service.operator.post('/v1/verify', { key });
      expect(body).toEqual({ valid: false, code: 'INVALID', authSeq: expect.any(Number) });
      expect((await service.as(key).get('/v1/forward-auth/any')).status).toBe(401);
    }
    const resumed = await audited(service, org.id, resume);
    expect(resumed.response.status).toBe(200);
    expect(resumed.response.body).toMatchObject({ id: org.id, status: 'active' });
    await expectAuthSeq(service, resumed.response);
    expect(await whoamiStatuses(service, keys)).toEqual(keys.map(() => 200));
    const change = (action: string, before: string, after: string) =>
      expect.objectContaining({
        action,
        targetId: org.id,
        before: { status: before },
        after: { status: after },
      });
    expect(suspended.events).toEqual([change('org.suspended', 'active', 'suspended')]);
    expect(resumed.events).toEqual([change('org.resumed', 'suspended', 'active')]);
  });

  it('refuses a suspended key exactly as an unknown one', async () => {
    await suspend();
    const suspended = await org.manager.get('/v1/whoami');
    const unknown = await service.as(`kf_${'0'.repeat(42)}`).get('/v1/whoami');
    expectProblem(suspended, 401, 'unauthenticated');
    expect(suspended.text).toBe(unknown.text);
    await resume();
  });

  it('leaves keys of the same person in other organisations as they are', async () => {
    const elsewhere = (await join(service, other, org.member.userId)).secret;
    await suspend();
    expect(await whoamiStatuses(service, [org.member.key, elsewhere])).toEqual([401, 200]);
    await resume();
  });

  it('does not bring back a key that was revoked meanwhile, nor one revoked before', async () => {
    const [early, late] = [await createKey(org.member, org), await createKey(org.member, org)];
    await org.manager.delete(org.path(`/keys/${early.id}`));
    await suspend();
    expect((await service.operator.delete(org.path(`/keys/${late.id}`))).status).toBe(200);
    await resume();
    expect(await whoamiStatuses(service, [early.secret, late.secret])).toEqual([401, 401]);
  });

  it('lets nobody create a key meanwhile; operators can read it and change its members', async () => {
    await suspend();
    const refused = await withoutTrace(service, () =>
      service.operator.post(org.path('/keys'), {
        name: 'k',
        scope: 'read',
        ownerId: org.member.userId,
      }),
    );
    expectProblem(refused, 409, 'org_suspended');
    expect((await service.operator.get(org.path())).body.status).toBe('suspended');
    const put = await service.operator.put(org.path(`/members/${org.member.userId}`), {
      role: 'member',
      grants: null,
    });
    expect(put.status).toBe(200);
    await resume();
  });

  it('changes nothing and writes no event when it is done twice', async () => {
    for (const [send, status] of [
      [suspend, 'suspended'],
      [resume, 'active'],
    ] as const) {
      await send();
      const { response, events } = await audited(service, org.id, send);
      expect(response.status).toBe(200);
      expect(response.body.status).toBe(status);
      await expectAuthSeq(service, response);
      expect(events).toEqual([]);
    }
  });

  it('never suspends the operator organisation', async () => {
    const path = `/v1/orgs/${await operatorOrgId(service)}`;
    const response = await withoutTrace(service, () => service.operator.post(`${path}/suspend`));
    expectProblem(response, 409, 'operator_organisation');
    expect((await service.operator.get(path)).body.status).toBe('active');
    expect((await service.operator.post(`${path}/resume`)).status).toBe(200);
  });

  it('ends a change of the organisation that waited for the suspension', async () => {
    const sent = await Promise.all([
      suspend(),
      ...Array.from({ length: 6 }, (_, index) =>
        org.manager.post(org.path('/members'), {
          email: `late-${index}@example.com`,
          name: 'Late',
          role: 'member',
        }),
      ),
    ]);
    const [suspended, ...added] = sent;
    expect(suspended.status).toBe(200);
    for (const { status, body } of added) {
      expect([201, 401]).toContain(status);
      if (status === 201) expect(body.authSeq).toBeLessThan(suspended.body.authSeq as number);
    }
    await resume();
  });
});
