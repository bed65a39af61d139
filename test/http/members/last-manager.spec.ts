import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { count } from '../../support/environment.js';
import {
  addPerson,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

describe('The last manager', () => {
  let service: Service;
  let org: Organisation;
  const path = (userId: string) => org.path(`/members/${userId}`);
  const demote = (who: Pick<Person, 'put'>, userId: string) =>
    who.put(path(userId), { role: 'member', grants: null });
  const remove = (who: Pick<Person, 'delete'>, userId: string) => who.delete(path(userId));
  const activeManagers = async () => {
    const { rows } = await service.db.query(
      `SELECT FROM memberships m JOIN users u ON u.id = m.user_id
       WHERE m.org_id = $1 AND m.role = 'manager' AND u.status = 'active'`,
      [org.id],
    );
    return rows.length;
  };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('cannot be removed or demoted, by themselves or by an operator', async () => {
    const { manager } = org;
    for (const send of [
      () => demote(manager, manager.userId),
      () => remove(manager, manager.userId),
      () => demote(service.operator, manager.userId),
      () => remove(service.operator, manager.userId),
    ]) {
      expectProblem(await withoutTrace(service, send), 409, 'last_manager');
    }
    expect((await manager.get('/v1/whoami')).status).toBe(200);
    expect((await manager.get(path(manager.userId))).body.role).toBe('manager');
  });

  it('can still be given other grants', async () => {
    const { userId } = org.manager;
    const put = (grants: unknown) => org.manager.put(path(userId), { role: 'manager', grants });
    expect((await put(org.grants)).status).toBe(200);
    const response = await service.operator.put(path(userId), { role: 'manager', grants: null });
    expect(response.status).toBe(200);
  });

  it('can be demoted or removed once another person manages, and not for a service account', async () => {
    const robot = await org.manager.post(org.path('/service-accounts'), {
      name: 'Robot',
      role: 'manager',
    });
    for (const send of [demote, remove]) {
      const response = await withoutTrace(service, () =>
        send(service.operator, org.manager.userId),
      );
      expectProblem(response, 409, 'last_manager');
      expect(response.body.detail).toContain('No other active person');
    }
    const second = await addPerson(service, org.id, 'manager');
    expect((await demote(service.operator, org.manager.userId)).status).toBe(200);
    await service.operator.put(path(org.manager.userId), { role: 'manager', grants: null });
    expect((await remove(service.operator, second.userId)).status).toBe(200);
    expect((await remove(service.operator, robot.body.userId as string)).status).toBe(200);
  });

  it('is the last service account where no person manages', async () => {
    const alone = await createOrganisation(service);
    const robot = await service.operator.post(alone.path('/service-accounts'), {
      name: 'Robot',
      role: 'manager',
    });
    const { body } = await service.operator.post(`/v1/users/${alone.manager.userId}/deactivate`);
    expect(body.orgsWithoutManager).toEqual([{ id: alone.id, name: `The ${alone.slug}` }]);
    const member = alone.path(`/members/${robot.body.userId as string}`);
    expectProblem(
      await withoutTrace(service, () => service.operator.delete(member)),
      409,
      'last_manager',
    );
    await addPerson(service, alone.id, 'manager');
    expect((await service.operator.delete(member)).status).toBe(200);
  });

  it('is whom members are to ask, and a service account is not', async () => {
    const alone = await createOrganisation(service);
    const account = { name: 'Robot', role: 'manager' };
    await service.operator.post(alone.path('/service-accounts'), account);
    const ask = () => alone.member.get(alone.path('/members'));
    expect((await ask()).body.managers).toEqual(['A manager']);
    await service.operator.post(`/v1/users/${alone.manager.userId}/deactivate`);
    expect((await ask()).body).not.toHaveProperty('managers');
  });

  it('is the last one also when the others are deactivated', async () => {
    const second = await addPerson(service, org.id, 'manager');
    await service.operator.post(`/v1/users/${second.userId}/deactivate`);
    for (const send of [demote, remove]) {
      expectProblem(
        await withoutTrace(service, () => send(org.manager, org.manager.userId)),
        409,
        'last_manager',
      );
    }
    expect((await remove(org.manager, second.userId)).status).toBe(200);
  });

  it('is the last one also when managers of other organisations are many', async () => {
    const other = await createOrganisation(service);
    await addPerson(service, other.id, 'manager');
    expectProblem(await remove(org.manager, org.manager.userId), 409, 'last_manager');
  });

  it('of the operators cannot be removed or demoted either', async () => {
    const { ownerId } = (await service.operator.get('/v1/whoami')).body as { ownerId: string };
    const member = `/v1/orgs/${await operatorOrgId(service)}/members/${ownerId}`;
    for (const send of [
      () => service.operator.put(member, { role: 'member', grants: null }),
      () => service.operator.delete(member),
    ]) {
      expectProblem(await withoutTrace(service, send), 409, 'last_manager');
    }
  });

  /** Ways in which two managers can be up against each other. */
  const contests: Record<string, (a: Person, b: Person) => Promise<ApiResponse>[]> = {
    'each demotes the other': (a, b) => [demote(a, b.userId), demote(b, a.userId)],
    'each removes the other': (a, b) => [remove(a, b.userId), remove(b, a.userId)],
    'one demotes, the other removes': (a, b) => [demote(a, b.userId), remove(b, a.userId)],
    'each demotes themselves': (a, b) => [demote(a, a.userId), demote(b, b.userId)],
    'each leaves': (a, b) => [remove(a, a.userId), remove(b, b.userId)],
    'operators demote and remove both': (a, b) => [
      demote(service.operator, a.userId),
      remove(service.operator, b.userId),
      demote(service.operator, b.userId),
      remove(service.operator, a.userId),
    ],
  };

  for (const [contest, start] of Object.entries(contests)) {
    it(`always stays when two managers act at once: ${contest}`, async () => {
      for (let round = 0; round < count(5, 60); round += 1) {
        org = await createOrganisation(service);
        const second = await addPerson(service, org.id, 'manager');
        const responses = await Promise.all(start(org.manager, second));
        const statuses = responses.map(({ status }) => status);
        expect(await activeManagers()).toBe(1);
        expect(statuses).toContain(200);
        // 401 and 403: the other one was faster, and this key is not what it was any more.
        for (const { status, body } of responses) {
          expect([200, 401, 403, 404, 409]).toContain(status);
          if (status === 409) expect(body.code).toBe('last_manager');
        }
        const { body } = await service.operator.get(org.path('/audit-events?limit=100'));
        const recorded = (body.items as { action: string }[]).filter(({ action }) =>
          action.startsWith('member.'),
        );
        // Three members were added before.
        expect(recorded).toHaveLength(3 + statuses.filter((status) => status === 200).length);
      }
    });
  }

  it('always stays when five managers turn on each other', async () => {
    for (let round = 0; round < count(2, 20); round += 1) {
      org = await createOrganisation(service);
      const managers = [org.manager];
      while (managers.length < 5) managers.push(await addPerson(service, org.id, 'manager'));
      await Promise.all(
        managers.flatMap((who) =>
          managers.map(({ userId }, index) =>
            index % 2 === 0 ? demote(who, userId) : remove(who, userId),
          ),
        ),
      );
      expect(await activeManagers()).toBeGreaterThanOrEqual(1);
    }
  });
});
