import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { join, operatorOrgId, whoamiStatuses } from '../../support/persons.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import { pluck } from '../../support/pages.js';
import { signIn } from '../../support/sessions.js';
import { startService, type Service } from '../../support/service.js';

describe('POST /v1/users/{userId}/deactivate and /reactivate', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let person: Person;
  const set = (action: string, userId = person.userId) =>
    service.operator.post(`/v1/users/${userId}/${action}`);

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    person = await addPerson(service, org.id, 'member');
  });
  afterAll(() => service.stop());

  for (const action of ['deactivate', 'reactivate']) {
    describe(action, () => {
      itIsForOperators({
        service: () => service,
        org: () => org,
        permission: 'users:admin',
        send: (who) => who.post(`/v1/users/${org.member.userId}/${action}`),
      });

      it('responds with the same for a missing user, a malformed id and the id of something else', async () => {
        const bodies = new Set<string>();
        for (const id of [missing.user, org.id, org.member.keyId, ...malformedIds]) {
          const response = await withoutTrace(service, () => set(action, id));
          expect({ id, status: response.status }).toEqual({ id, status: 404 });
          bodies.add(response.text);
        }
        expect([...bodies]).toHaveLength(1);
      });
    });
  }

  it('denies the keys of the person in every organisation, and reactivating restores them', async () => {
    const keys = [
      person.key,
      (await createKey(person, org)).secret,
      (await join(service, other, person.userId)).secret,
    ];
    expect(await whoamiStatuses(service, keys)).toEqual([200, 200, 200]);
    const operators = await operatorOrgId(service);
    const off = await audited(service, operators, () => set('deactivate'));
    expect(off.response.status).toBe(200);
    expect(off.response.body).toMatchObject({ id: person.userId, status: 'deactivated' });
    await expectAuthSeq(service, off.response);
    expect(await whoamiStatuses(service, keys)).toEqual([401, 401, 401]);
    for (const key of keys) {
      const { body } = await service.operator.post('/v1/verify', { key });
      expect(body).toEqual({ valid: false, code: 'INVALID', authSeq: expect.any(Number) });
    }
    expect(await whoamiStatuses(service, [org.member.key, org.manager.key])).toEqual([200, 200]);
    const on = await audited(service, operators, () => set('reactivate'));
    expect(on.response.body).toMatchObject({ id: person.userId, status: 'active' });
    await expectAuthSeq(service, on.response);
    expect(await whoamiStatuses(service, keys)).toEqual([200, 200, 200]);
    const change = (action: string, before: string, after: string) =>
      expect.objectContaining({
        action,
        targetId: person.userId,
        before: { status: before },
        after: { status: after },
      });
    expect(off.events).toEqual([change('user.deactivated', 'active', 'deactivated')]);
    expect(on.events).toEqual([change('user.reactivated', 'deactivated', 'active')]);
  });

  it('shows the operators which sessions it has ended', async () => {
    const browsers = [await signIn(service, person), await signIn(service, person)];
    await service.db.query(
      `UPDATE sessions SET created_at = now() - interval '1 day' WHERE id =
         (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id LIMIT 1)`,
      [person.userId],
    );
    const { rows } = await service.db.query<{ id: string }>(
      'SELECT id FROM sessions WHERE user_id = $1 ORDER BY id',
      [person.userId],
    );
    const operators = await operatorOrgId(service);
    const { events } = await audited(service, operators, () => set('deactivate'));
    // The first one had come to its end by itself.
    expect(rows).toHaveLength(2);
    expect(events.map(({ action, targetId, after }) => ({ action, targetId, after }))).toEqual([
      { action: 'session.ended', targetId: rows[1]?.id, after: { userId: person.userId } },
      { action: 'user.deactivated', targetId: person.userId, after: { status: 'deactivated' } },
    ]);
    for (const browser of browsers) expect((await browser.get('/v1/session')).status).toBe(401);
    await set('reactivate');
    for (const browser of browsers) expect((await browser.get('/v1/session')).status).toBe(401);
  });

  it('refuses a key of a deactivated person exactly as an unknown one', async () => {
    await set('deactivate');
    const unknown = await service.as(`kf_${'0'.repeat(42)}`).get('/v1/whoami');
    expect((await person.get('/v1/whoami')).text).toBe(unknown.text);
    await set('reactivate');
  });

  it('lets nobody create a key for them meanwhile', async () => {
    await set('deactivate');
    for (const who of [service.operator, org.manager]) {
      const response = await withoutTrace(service, () =>
        who.post(org.path('/keys'), { name: 'k', scope: 'read', ownerId: person.userId }),
      );
      expectProblem(response, 409, 'owner_inactive');
    }
    await set('reactivate');
  });

  it('does not bring back a key that was revoked meanwhile', async () => {
    const key = await createKey(person, org);
    await set('deactivate');
    expect((await org.manager.delete(org.path(`/keys/${key.id}`))).status).toBe(200);
    await set('reactivate');
    expect(await whoamiStatuses(service, [key.secret, person.key])).toEqual([401, 200]);
  });

  it('leaves keys working that the person made for others', async () => {
    const manager = await addPerson(service, org.id, 'manager');
    const made = await manager.post(org.path('/keys'), {
      name: 'made for a member',
      scope: 'read',
      ownerId: org.member.userId,
    });
    await set('deactivate', manager.userId);
    expect(await whoamiStatuses(service, [manager.key, made.body.secret as string])).toEqual([
      401, 200,
    ]);
  });

  it('denies the keys of a service account, too', async () => {
    const { body } = await org.manager.post(org.path('/service-accounts'), { name: 'Robot' });
    const robot = body.userId as string;
    const key = await org.manager.post(org.path('/keys'), {
      name: 'robot',
      scope: 'read',
      ownerId: robot,
    });
    const secret = key.body.secret as string;
    expect((await set('deactivate', robot)).body).toMatchObject({ kind: 'service' });
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
    await set('reactivate', robot);
    expect(await whoamiStatuses(service, [secret])).toEqual([200]);
  });

  it('changes nothing and writes no event when it is done twice', async () => {
    const operators = await operatorOrgId(service);
    for (const action of ['deactivate', 'reactivate']) {
      await set(action);
      const { response, events } = await audited(service, operators, () => set(action));
      expect(response.status).toBe(200);
      await expectAuthSeq(service, response);
      expect(events).toEqual([]);
    }
  });

  it('is not shown to managers of the organisations of the person', async () => {
    const events = await org.manager.get(org.path('/audit-events?limit=100'));
    const actions = pluck(events, 'action') as string[];
    expect(actions.filter((action) => action.startsWith('user.'))).toEqual([]);
    const member = await org.manager.get(org.path(`/members/${person.userId}`));
    expect(member.body).not.toHaveProperty('status');
  });

  it('shows the status to operators', async () => {
    await set('deactivate');
    const read = await service.operator.get(`/v1/users/${person.userId}`);
    expect(read.body.status).toBe('deactivated');
    await set('reactivate');
  });
});
