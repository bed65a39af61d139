import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobQueue } from '../../../src/jobs/job-queue.js';
import { itRefusesStrangers } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import type { ApiResponse } from '../../support/client.js';
import { eventually } from '../../support/eventually.js';
import { auditOf, expectRefusal, expire } from '../../support/keys.js';
import { insertKeys } from '../../support/many-keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { join, whoamiStatuses } from '../../support/persons.js';
import { malformedIds, missing } from '../../support/refusals.js';
import {
  holdRemovals,
  isRevoking,
  memberWithKeys,
  revocationsOf,
  unrevokedRows,
} from '../../support/removals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('POST and GET /v1/orgs/{orgId}/members/{userId}/keys/revoke', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = (userId: string) => org.path(`/members/${userId}/keys/revoke`);
  const revoke = (who: Pick<Person, 'post'>, userId: string, body: unknown = {}) =>
    who.post(path(userId), body);
  const remainingOf = async (userId: string) => {
    const { status, body } = await org.manager.get(path(userId));
    expect(status).toBe(200);
    return body.remaining as number;
  };
  /** The jobs that came while the sweep was held back are over: others would come within a minute. */
  const nudge = () => service.app.get(JobQueue).add('removal', randomUUID(), { v: 1 });
  /** As those see it who asked for it, and then as the database has it. */
  async function untilOver({ userId }: Pick<Person, 'userId'>): Promise<void> {
    await nudge();
    await eventually(async () => (await remainingOf(userId)) === 0, 60_000);
    await eventually(async () => !(await isRevoking(service.db, userId)), 60_000);
  }
  const expectRevoked = ({ status, body }: ApiResponse, revoked: number, remaining: number) => {
    expect({ status, ...body }).toMatchObject({ status: 200, revoked, remaining });
  };

  describe('POST', () => {
    itRefusesStrangers({
      service: () => service,
      org: () => org,
      other: () => other,
      permission: 'keys:write',
      forMembers: true,
      send: (who, orgId) => who.post(`/v1/orgs/${orgId}/members/${org.member.userId}/keys/revoke`),
    });
  });

  describe('GET', () => {
    itRefusesStrangers({
      service: () => service,
      org: () => org,
      other: () => other,
      permission: 'keys:read',
      forMembers: true,
      send: (who, orgId) => who.get(`/v1/orgs/${orgId}/members/${org.member.userId}/keys/revoke`),
    });
  });

  it('revokes up to 50 keys itself, expired ones included, with an event for each', async () => {
    const person = await addPerson(service, org.id, 'member');
    const keys = [await createKey(person, org), await createKey(org.manager, org)];
    const [own, foreign] = keys.map(({ secret }) => secret);
    const late = await createKey(person, org);
    await expire(service, late.id);
    const { response, events } = await audited(service, org.id, () =>
      revoke(org.manager, person.userId, { reason: ' laptop stolen ' }),
    );
    expectRevoked(response, 3, 0);
    expect(Object.keys(response.body).sort()).toEqual(['authSeq', 'remaining', 'revoked']);
    await expectAuthSeq(service, response);
    expect(await whoamiStatuses(service, [person.key, own ?? '', foreign ?? ''])).toEqual([
      401, 401, 200,
    ]);
    const { userId, keyId } = org.manager;
    const actor = { kind: 'key', orgId: org.id, userId, keyId };
    expect(events.map(({ targetId }) => targetId).sort()).toEqual(
      [person.keyId, keys[0]?.id, late.id].sort(),
    );
    for (const event of events) {
      const after = { state: 'revoked', reason: 'laptop stolen' };
      expect(event).toMatchObject({ action: 'key.revoked', actor, after });
    }
    expect((await org.manager.get(org.path(`/keys/${late.id}`))).body).toMatchObject({
      state: 'revoked',
      revokedBy: { userId, keyId },
      revokeReason: 'laptop stolen',
    });
    expect(await remainingOf(person.userId)).toBe(0);
  });

  it('leaves the member, who can have keys again, and changes nothing when it is repeated', async () => {
    const person = await addPerson(service, org.id, 'member');
    expectRevoked(await revoke(org.manager, person.userId), 1, 0);
    const again = await audited(service, org.id, () => revoke(org.manager, person.userId));
    expectRevoked(again.response, 0, 0);
    expect(again.events).toEqual([]);
    expect((await org.manager.get(org.path(`/members/${person.userId}`))).status).toBe(200);
    const key = await createKey(org.manager, org, { ownerId: person.userId });
    expect(await whoamiStatuses(service, [person.key, key.secret])).toEqual([401, 200]);
  });

  it('leaves more than 50 to a job that is seen to end, with an event for each, and no later key', async () => {
    const person = await memberWithKeys(service, org, 120);
    let requestId: string | null;
    let later: Awaited<ReturnType<typeof createKey>>;
    {
      await using held = await holdRemovals(service.db);
      const response = await revoke(org.manager, person.userId, { reason: 'moved' });
      requestId = response.headers.get('x-request-id');
      expectRevoked(response, 50, 70);
      expect(await unrevokedRows(service.db, person.userId)).toBe(70);
      expect(await remainingOf(person.userId)).toBe(70);
      later = await createKey(org.manager, org, { ownerId: person.userId });
      expect(await remainingOf(person.userId)).toBe(70);
      await held.rollback();
    }
    await untilOver(person);
    expect(await unrevokedRows(service.db, person.userId)).toBe(1);
    expect(await whoamiStatuses(service, [person.key, later.secret])).toEqual([401, 200]);
    const found = await revocationsOf(service.db, person.userId);
    expect(found.reduce((sum, { keys }) => sum + keys, 0)).toBe(120);
    const { userId, keyId } = org.manager;
    for (const each of found) {
      expect(each).toMatchObject({
        reason: 'moved',
        events: 1,
        byUserId: userId,
        byKeyId: keyId,
        actorOrgId: org.id,
        actorUserId: userId,
        actorKeyId: keyId,
        requestId,
      });
    }
  });

  it('shows each key as it is until its turn comes: it works, and can be changed and revoked', async () => {
    await using held = await holdRemovals(service.db);
    const person = await memberWithKeys(service, org, 60);
    expectRevoked(await revoke(org.manager, person.userId), 50, 10);
    const { body } = await org.manager.get(
      org.path(`/keys?owner=${person.userId}&state=active&limit=100`),
    );
    const live = (body.items as { id: string }[]).map(({ id }) => id);
    expect(live.length).toBeGreaterThan(0);
    const [id = ''] = live;
    const renamed = await org.manager.patch(org.path(`/keys/${id}`), { name: 'still here' });
    expect(renamed.body).toMatchObject({ name: 'still here', state: 'active', revokedAt: null });
    const single = await org.manager.delete(org.path(`/keys/${id}?reason=mine`));
    expect(single.body).toMatchObject({ state: 'revoked', revokeReason: 'mine' });
    expect(await remainingOf(person.userId)).toBe(9);
    await held.rollback();
    await untilOver(person);
    const { body: kept } = await org.manager.get(org.path(`/keys/${id}`));
    expect(kept.revokeReason).toBe('mine');
    expect(await auditOf(org, id)).toHaveLength(2);
  });

  it('includes keys created since when it is repeated, in the name of the last who asked', async () => {
    const person = await memberWithKeys(service, org, 130);
    {
      await using held = await holdRemovals(service.db);
      expectRevoked(await revoke(org.manager, person.userId, { reason: 'first' }), 50, 80);
      await insertKeys(service.db, org, 5, person.userId);
      const later = await createKey(org.manager, org, { ownerId: person.userId });
      expectRevoked(await revoke(service.operator, person.userId, { reason: 'second' }), 50, 36);
      await held.rollback();
      await untilOver(person);
      expect(await whoamiStatuses(service, [later.secret])).toEqual([401]);
    }
    const found = await revocationsOf(service.db, person.userId);
    const keysOf = (wanted: string) =>
      found.filter(({ reason }) => reason === wanted).reduce((sum, { keys }) => sum + keys, 0);
    expect([keysOf('first'), keysOf('second')]).toEqual([50, 86]);
    expect(found.every(({ events }) => events === 1)).toBe(true);
  });

  it('revokes the key of the caller last, who can watch it to the end', async () => {
    const person = await memberWithKeys(service, org, 120);
    {
      await using held = await holdRemovals(service.db);
      expectRevoked(await revoke(person, person.userId), 50, 70);
      const seen = await person.get(path(person.userId));
      expect(seen).toMatchObject({ status: 200, body: { remaining: 70 } });
      await held.rollback();
    }
    await nudge();
    await eventually(async () => (await person.get(path(person.userId))).status === 401, 60_000);
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    await untilOver(person);
    const found = await revocationsOf(service.db, person.userId);
    for (const each of found)
      expect(each).toMatchObject({ reason: null, actorKeyId: person.keyId });
  });

  it('responds to members who mean others as if there were nobody', async () => {
    for (const id of [org.manager.userId, missing.user, ...malformedIds]) {
      await expectRefusal(service, () => revoke(org.member, id), 404, 'not_found');
      await expectRefusal(service, () => org.member.get(path(id)), 404, 'not_found');
    }
    expect(await whoamiStatuses(service, [org.manager.key])).toEqual([200]);
  });

  it('responds with the same for members of others, missing users and malformed ids', async () => {
    const ids = [other.member.userId, missing.user, org.id, org.member.keyId, ...malformedIds];
    for (const who of [org.manager, service.operator]) {
      for (const id of ids) {
        await expectRefusal(service, () => revoke(who, id), 404, 'not_found');
        await expectRefusal(service, () => who.get(path(id)), 404, 'not_found');
      }
    }
    expect(await whoamiStatuses(service, [other.member.key])).toEqual([200]);
  });

  it('takes a reason or no body at all, and nothing else', async () => {
    const bodies = [
      'null',
      '[]',
      { reason: '' },
      { reason: null },
      { reason: 'a'.repeat(201) },
      { keyIds: [] },
      { reason: org.member.key },
    ];
    for (const body of bodies) {
      const send = () => revoke(org.manager, org.member.userId, body);
      await expectRefusal(service, send, 400, 'invalid_request');
    }
    expect(await whoamiStatuses(service, [org.member.key])).toEqual([200]);
    const person = await addPerson(service, org.id, 'member');
    const response = await org.manager.call('POST', path(person.userId));
    expectRevoked(response, 1, 0);
  });

  it('leaves keys of the same person in another organisation as they are', async () => {
    const person = await memberWithKeys(service, org, 60);
    const elsewhere = await join(service, other, person.userId);
    expectRevoked(await revoke(service.operator, person.userId), 50, 10);
    await untilOver(person);
    const secrets = [person.key, elsewhere.secret, org.member.key, org.manager.key];
    expect(await whoamiStatuses(service, secrets)).toEqual([401, 200, 200, 200]);
    expect(await unrevokedRows(service.db, person.userId)).toBe(1);
  });

  it('is open to operators while the organisation is suspended, and the job goes on', async () => {
    const suspended = await createOrganisation(service);
    const person = await memberWithKeys(service, suspended, 60);
    await service.operator.post(suspended.path('/suspend'));
    const at = suspended.path(`/members/${person.userId}/keys/revoke`);
    expect((await suspended.manager.post(at, {})).status).toBe(401);
    expectRevoked(await service.operator.post(at, {}), 50, 10);
    await eventually(async () => (await service.operator.get(at)).body.remaining === 0, 60_000);
    await service.operator.post(suspended.path('/resume'));
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
  });

  it('can be asked for by many at once, with keys created and revoked meanwhile', async () => {
    const person = await memberWithKeys(service, org, 200);
    const create = () =>
      org.manager.post(org.path('/keys'), { name: 'k', scope: 'read', ownerId: person.userId });
    const responses = await Promise.all([
      ...[org.manager, service.operator, person, org.manager, person].map((who) =>
        revoke(who, person.userId),
      ),
      ...[1, 2, 3].map(create),
      org.manager.delete(org.path(`/keys/${person.keyId}`)),
      person.post(path(person.userId)),
    ]);
    for (const { status } of responses) expect([200, 201, 401]).toContain(status);
    expect(responses.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
    expect((await revoke(org.manager, person.userId)).status).toBe(200);
    await untilOver(person);
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    const found = await revocationsOf(service.db, person.userId);
    expect(found.every(({ events }) => events === 1)).toBe(true);
  });
});
