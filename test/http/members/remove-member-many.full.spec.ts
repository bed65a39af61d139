import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../../support/audit.js';
import { count } from '../../support/environment.js';
import { eventually } from '../../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { pluck } from '../../support/pages.js';
import { whoamiStatuses } from '../../support/persons.js';
import {
  holdRemovals,
  isUnderWay,
  memberWithKeys,
  removeMember,
  revocationsOf,
  unrevokedRows,
  untilRemoved,
} from '../../support/removals.js';
import { startService, type Service } from '../../support/service.js';

const many = count(2_000, 20_000);

/** It ends, however busy the machine is: batches become small then. bench/neighbours has the time. */
const endsWithinMs = 15 * 60_000;

describe('DELETE /v1/orgs/{orgId}/members/{userId} of a member with many keys', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('revokes up to 50 keys itself, with their rows', async () => {
    await using held = await holdRemovals(service.db);
    const person = await memberWithKeys(service, org, 50);
    const { body } = await removeMember(org, person);
    expect(body.revokedKeys.total).toBe(50);
    expect(body.revokedKeys.ids).toHaveLength(50);
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    expect(await isUnderWay(service.db, person.userId)).toBe(false);
    await held.rollback();
  });

  it('ends all of more than 50 with one row, and touches none of them', async () => {
    await using held = await holdRemovals(service.db);
    const person = await memberWithKeys(service, org, 51);
    const { secret } = await createKey(person, org);
    expect(await whoamiStatuses(service, [person.key, secret])).toEqual([200, 200]);
    const { body } = await removeMember(org, person);
    expect(body.revokedKeys.total).toBe(52);
    expect(await whoamiStatuses(service, [person.key, secret])).toEqual([401, 401]);
    expect(await unrevokedRows(service.db, person.userId)).toBe(52);
    await held.rollback();
    await untilRemoved(service.db, person.userId, endsWithinMs);
  });

  it(`revokes ${many} keys in the name of the person who removed their owner, each with its row in the audit log`, async () => {
    const person = await memberWithKeys(service, org, many);
    const removed = await removeMember(org, person);
    const { revokedKeys } = removed.body;
    expect(revokedKeys.total).toBe(many);
    const { rows } = await service.db.query<{ id: string }>(
      'SELECT id FROM api_keys WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100',
      [person.userId],
    );
    expect(revokedKeys.ids).toEqual(rows.map(({ id }) => id));
    const [removal] = await auditEvents(service, org.id, 'limit=1&action=member.removed');
    expect(removal).toMatchObject({
      targetId: person.userId,
      before: { role: 'member', grants: null },
      after: { revokedKeys },
    });
    await untilRemoved(service.db, person.userId, endsWithinMs);
    const { userId, keyId } = org.manager;
    expect(await revocationsOf(service.db, person.userId)).toEqual([
      {
        keys: many,
        reason: 'owner_removed',
        revokedAt: new Date(removal?.at ?? ''),
        byUserId: userId,
        byKeyId: keyId,
        events: 1,
        actorOrgId: org.id,
        actorUserId: userId,
        actorKeyId: keyId,
        requestId: removed.headers.get('x-request-id'),
      },
    ]);
    const [event] = await auditEvents(service, org.id, 'limit=1&action=key.revoked');
    expect(event).toMatchObject({
      ip: removal?.ip,
      userAgent: removal?.userAgent,
      after: { state: 'revoked', reason: 'owner_removed' },
    });
  });

  it('leaves keys that were revoked before, those of others and those elsewhere as they are', async () => {
    const other = await createOrganisation(service);
    const person = await memberWithKeys(service, org, 60);
    const earlier = await createKey(person, org);
    await person.delete(org.path(`/keys/${earlier.id}?reason=lost`));
    await service.operator.put(other.path(`/members/${person.userId}`), {
      role: 'member',
      grants: null,
    });
    const created = await service.operator.post(other.path('/keys'), {
      name: 'elsewhere',
      scope: 'read',
      ownerId: person.userId,
    });
    const { body } = await removeMember(org, person);
    expect(body.revokedKeys.total).toBe(60);
    await eventually(async () => !(await isUnderWay(service.db, person.userId)), 90_000);
    const { body: key } = await org.manager.get(org.path(`/keys/${earlier.id}`));
    expect(key.revokeReason).toBe('lost');
    const secrets = [created.body.secret as string, org.member.key, org.manager.key];
    expect(await whoamiStatuses(service, secrets)).toEqual([200, 200, 200]);
  });

  it('revives nothing when the person is added again', async () => {
    const person = await memberWithKeys(service, org, 60);
    await removeMember(org, person);
    await untilRemoved(service.db, person.userId, endsWithinMs);
    const { email } = person;
    const again = await org.manager.post(org.path('/members'), {
      email,
      name: 'B',
      role: 'member',
    });
    expect(again.status).toBe(201);
    expect(again.body.userId).toBe(person.userId);
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
    const live = await org.manager.get(org.path(`/keys?owner=${person.userId}&state=active`));
    expect(pluck(live, 'id')).toEqual([]);
    expect((await org.manager.get(org.path(`/members/${person.userId}`))).body.activeKeys).toBe(0);
  });
});
