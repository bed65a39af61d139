import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobQueue } from '../../../src/jobs/job-queue.js';
import { eventually } from '../../support/eventually.js';
import {
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { whoamiStatuses } from '../../support/persons.js';
import {
  holdRemovals,
  isRevoking,
  isUnderWay,
  memberWithKeys,
  removeMember,
  revocationsOf,
  unrevokedRows,
  untilRemoved,
} from '../../support/removals.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('a member all of whose keys are being revoked, and who is removed', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = ({ userId }: Person) => org.path(`/members/${userId}/keys/revoke`);
  /** The jobs that came while the sweep was held back are over: others would come within a minute. */
  const nudge = () => service.app.get(JobQueue).add('removal', randomUUID(), { v: 1 });
  const deleteMember = 'DELETE FROM memberships WHERE org_id = $1 AND user_id = $2';
  const again = ({ userId }: Person) =>
    service.operator.put(org.path(`/members/${userId}`), { role: 'member', grants: null });
  /** How many keys each reason has. */
  async function reasonsOf({ userId }: Person): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { reason, keys, events } of await revocationsOf(service.db, userId)) {
      expect(events).toBe(1);
      sums[reason] = (sums[reason] ?? 0) + keys;
    }
    return sums;
  }

  it('has no key that works, and the rest is revoked with the membership', async () => {
    const person = await memberWithKeys(service, org, 150);
    {
      await using held = await holdRemovals(service.db);
      const { body } = await org.manager.post(path(person), { reason: 'moved' });
      expect(body).toMatchObject({ revoked: 50, remaining: 100 });
      const late = await createKey(org.manager, org, { ownerId: person.userId });
      const removed = await removeMember(org, person);
      expect(removed.body.revokedKeys.total).toBe(101);
      expect(await isRevoking(service.db, person.userId)).toBe(false);
      expect(await whoamiStatuses(service, [person.key, late.secret])).toEqual([401, 401]);
      expect((await org.manager.get(path(person))).status).toBe(404);
      expect((await org.manager.post(path(person), {})).status).toBe(404);
      expect((await again(person)).body.code).toBe('removal_under_way');
      await held.rollback();
    }
    await nudge();
    await untilRemoved(service.db, person.userId, 90_000);
    expect(await reasonsOf(person)).toEqual({ moved: 50, owner_removed: 101 });
    expect((await again(person)).status).toBe(200);
    expect((await org.manager.get(path(person))).body).toEqual({ remaining: 0 });
  });

  it('has none either where so few are left that the removal revokes them itself', async () => {
    await using held = await holdRemovals(service.db);
    const person = await memberWithKeys(service, org, 80);
    await org.manager.post(path(person), { reason: 'moved' });
    const removed = await removeMember(org, person);
    expect(removed.body.revokedKeys.total).toBe(30);
    expect(await isRevoking(service.db, person.userId)).toBe(false);
    expect(await isUnderWay(service.db, person.userId)).toBe(false);
    await held.rollback();
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    expect(await reasonsOf(person)).toEqual({ moved: 50, owner_removed: 30 });
    expect((await again(person)).status).toBe(200);
  });

  it('has none either where SQL removes them', async () => {
    const person = await memberWithKeys(service, org, 120);
    {
      await using held = await holdRemovals(service.db);
      await org.manager.post(path(person), { reason: 'moved' });
      await service.db.query(deleteMember, [org.id, person.userId]);
      expect(await isRevoking(service.db, person.userId)).toBe(false);
      expect(await isUnderWay(service.db, person.userId)).toBe(true);
      expect((await again(person)).body.code).toBe('removal_under_way');
      await held.rollback();
    }
    await nudge();
    await untilRemoved(service.db, person.userId, 90_000);
    expect(await reasonsOf(person)).toEqual({ moved: 50, owner_removed: 70 });
  });

  it('has none either when both come at the same time, and nothing deadlocks', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await memberWithKeys(service, org, 110);
      const remove = () => org.manager.delete(org.path(`/members/${person.userId}`));
      const responses = await Promise.all([
        org.manager.post(path(person), {}),
        person.post(path(person), {}),
        // On a busy machine it waits for the others for longer than it may.
        eventually(async () => (await remove()).status === 200, 30_000),
        service.operator.post(path(person), {}),
      ]);
      for (const response of responses) {
        if (response !== true) expect([200, 401, 404, 503]).toContain(response.status);
      }
      expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
      expect(await isRevoking(service.db, person.userId)).toBe(false);
      await untilRemoved(service.db, person.userId, 90_000);
      expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    }
  });
});
