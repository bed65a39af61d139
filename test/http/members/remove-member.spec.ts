import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { hold, untilWaiting } from '../../support/locks.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import { join, whoamiStatuses } from '../../support/persons.js';
import { expectProblem, malformedIds, missing, withoutTrace } from '../../support/refusals.js';
import { pluck } from '../../support/pages.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('DELETE /v1/orgs/{orgId}/members/{userId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const path = (userId: string) => org.path(`/members/${userId}`);
  const remove = (userId: string) => org.manager.delete(path(userId));

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'members:admin',
    send: (who, orgId) => who.delete(`/v1/orgs/${orgId}/members/${org.member.userId}`),
  });

  it('removes the member and revokes all their keys with one change and one event each', async () => {
    const person = await addPerson(service, org.id, 'member');
    const keys = [await createKey(person, org), await createKey(person, org, { scope: 'admin' })];
    const { response, events } = await audited(service, org.id, () => remove(person.userId));
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    const ids = [person.keyId, ...keys.map(({ id }) => id)];
    expect(response.body).toMatchObject({ orgId: org.id, userId: person.userId, role: 'member' });
    const revokedKeys = { total: 3, ids };
    expect(response.body.revokedKeys).toEqual(revokedKeys);
    const secrets = [person.key, ...keys.map(({ secret }) => secret)];
    expect(await whoamiStatuses(service, secrets)).toEqual([401, 401, 401]);
    for (const key of secrets) {
      expect((await service.operator.post('/v1/verify', { key })).body.code).toBe('INVALID');
    }
    expect(await org.manager.get(path(person.userId))).toMatchObject({ status: 404 });
    const actor = {
      kind: 'key',
      orgId: org.id,
      userId: org.manager.userId,
      keyId: org.manager.keyId,
    };
    expect(new Set(events.map(({ at }) => at)).size).toBe(1);
    expect(events).toHaveLength(4);
    expect(events.filter(({ action }) => action === 'member.removed')).toEqual([
      expect.objectContaining({
        targetId: person.userId,
        actor,
        before: { role: 'member', grants: null },
        after: { revokedKeys },
      }),
    ]);
    const revoked = events.filter(({ action }) => action === 'key.revoked');
    expect(revoked.map(({ targetId }) => targetId).sort()).toEqual([...ids].sort());
    for (const event of revoked) {
      expect(event).toMatchObject({ actor, after: { state: 'revoked', reason: 'owner_removed' } });
    }
  });

  it('counts no key that is revoked by somebody else at the same time', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { id } = await createKey(person, org);
    const removal = async () => {
      await using report = await hold(
        service.db,
        'UPDATE api_keys SET revoked_at = now() WHERE id = $1',
        [id],
      );
      const response = remove(person.userId);
      await untilWaiting(service.db);
      await report.commit();
      return await response;
    };
    const { response, events } = await audited(service, org.id, removal);
    expect(response.body.revokedKeys).toEqual({ total: 1, ids: [person.keyId] });
    expect(events.map(({ action }) => action).sort()).toEqual(['key.revoked', 'member.removed']);
  });

  it('keeps the revoked keys for the record, with the reason and who removed their owner', async () => {
    const person = await addPerson(service, org.id, 'member');
    await remove(person.userId);
    const { status, body } = await org.manager.get(org.path(`/keys/${person.keyId}`));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'revoked',
      revokeReason: 'owner_removed',
      revokedBy: { userId: org.manager.userId, keyId: org.manager.keyId },
      revokedAt: expect.any(String),
      ownerId: person.userId,
    });
  });

  it('leaves the record of keys that were revoked before as it is', async () => {
    const person = await addPerson(service, org.id, 'member');
    const key = await createKey(person, org);
    await person.delete(org.path(`/keys/${key.id}?reason=rotated`));
    const before = (await org.manager.get(org.path(`/keys/${key.id}`))).body;
    const { response } = await audited(service, org.id, () => remove(person.userId));
    expect(response.body.revokedKeys).toEqual({ total: 1, ids: [person.keyId] });
    const after = (await org.manager.get(org.path(`/keys/${key.id}`))).body;
    // How an owner is called who is no member any more is another question.
    expect({ ...after, ownerName: null }).toEqual({ ...before, ownerName: null });
    expect(before.revokeReason).toBe('rotated');
  });

  it('leaves keys of the same person in another organisation as they are', async () => {
    const person = await addPerson(service, org.id, 'member');
    const elsewhere = await join(service, other, person.userId);
    await remove(person.userId);
    expect(await whoamiStatuses(service, [person.key, elsewhere.secret])).toEqual([401, 200]);
    expect((await other.manager.get(other.path(`/members/${person.userId}`))).status).toBe(200);
  });

  it('leaves keys of others in the organisation as they are, also those that the person made', async () => {
    const manager = await addPerson(service, org.id, 'manager');
    const made = await createKey(manager, org, { ownerId: org.member.userId });
    await remove(manager.userId);
    const secrets = [manager.key, made.secret, org.member.key, org.manager.key];
    expect(await whoamiStatuses(service, secrets)).toEqual([401, 200, 200, 200]);
  });

  it('revives no key when the person is added again, by e-mail or by an operator', async () => {
    const person = await addPerson(service, org.id, 'member');
    await remove(person.userId);
    const { email } = person;
    const added = await org.manager.post(org.path('/members'), {
      email,
      name: 'B',
      role: 'member',
    });
    expect(added.body.userId).toBe(person.userId);
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
    await remove(person.userId);
    const again = await join(service, org, person.userId);
    expect(await whoamiStatuses(service, [person.key, again.secret])).toEqual([401, 200]);
    const list = await org.manager.get(org.path(`/keys?owner=${person.userId}&state=active`));
    expect(pluck(list, 'id')).toEqual([again.id]);
  });

  it('responds with 404 when it is done twice', async () => {
    const person = await addPerson(service, org.id, 'member');
    expect((await remove(person.userId)).status).toBe(200);
    const response = await withoutTrace(service, () => remove(person.userId));
    expectProblem(response, 404, 'not_found');
  });

  it('responds with the same for members of others, missing users and malformed ids', async () => {
    const ids = [other.member.userId, missing.user, org.id, org.member.keyId, ...malformedIds];
    for (const who of [org.manager, service.operator]) {
      const bodies = new Set<string>();
      for (const id of ids) {
        const response = await withoutTrace(service, () => who.delete(path(id)));
        expect({ id, status: response.status }).toEqual({ id, status: 404 });
        bodies.add(response.text);
      }
      expect([...bodies]).toHaveLength(1);
    }
    expect(await whoamiStatuses(service, [other.member.key])).toEqual([200]);
  });

  it('lets operators remove members, and managers leave when another one stays', async () => {
    const second = await addPerson(service, org.id, 'manager');
    const { response, events } = await audited(service, org.id, () =>
      second.delete(path(second.userId)),
    );
    expect(response.status).toBe(200);
    expect(events.map(({ action }) => action).sort()).toEqual(['key.revoked', 'member.removed']);
    expect(await whoamiStatuses(service, [second.key])).toEqual([401]);
    const person = await addPerson(service, org.id, 'member');
    expect((await service.operator.delete(path(person.userId))).status).toBe(200);
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
  });

  it('leaves no live key behind when keys are created for the member at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await addPerson(service, org.id, 'member');
      const create = (who: typeof person) =>
        who.post(org.path('/keys'), { name: 'k', scope: 'read', ownerId: person.userId });
      const [removed, ...created] = await Promise.all([
        remove(person.userId),
        ...[person, org.manager, person, org.manager, person].map(create),
      ]);
      expect(removed.status).toBe(200);
      const secrets = created.flatMap(({ status, body }) => {
        expect([201, 400, 401]).toContain(status);
        return status === 201 ? [body.secret as string] : [];
      });
      expect(await whoamiStatuses(service, secrets)).toEqual(secrets.map(() => 401));
      const live = await org.manager.get(org.path(`/keys?owner=${person.userId}&state=active`));
      expect(live.body.items).toEqual([]);
    }
  });
});
