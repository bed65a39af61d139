import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type PoolClient } from 'pg';
import { eventually } from '../../support/eventually.js';
import { expectRefusal } from '../../support/keys.js';
import { hold, untilWaiting, type Holder } from '../../support/locks.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { join, whoamiStatuses } from '../../support/persons.js';
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

const levels = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];

const insertMember = `INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, 'member')`;
const deleteMember = 'DELETE FROM memberships WHERE org_id = $1 AND user_id = $2';

describe('somebody whose removal is under way', () => {
  let service: Service;
  let org: Organisation;
  let held: Holder;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    held = await holdRemovals(service.db);
  });
  afterAll(async () => {
    await held.rollback();
    await service.stop();
  });

  const member = (person: Person) => [org.id, person.userId];

  it('cannot be added again, by anyone and in any way, and the response says when to retry', async () => {
    const person = await memberWithKeys(service, org, 51);
    await removeMember(org, person);
    const { email, userId } = person;
    const ways = [
      () => org.manager.post(org.path('/members'), { email, name: 'B', role: 'member' }),
      () => service.operator.post(org.path('/members'), { email, name: 'B', role: 'manager' }),
      () => service.operator.put(org.path(`/members/${userId}`), { role: 'member', grants: null }),
    ];
    for (const way of ways) {
      const response = await expectRefusal(service, way, 409, 'removal_under_way');
      expect(response.headers.get('retry-after')).toBe('10');
      expect(response.body.retryAfter).toBe(10);
    }
    expect((await org.manager.get(org.path(`/members/${userId}`))).status).toBe(404);
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
    await expect(service.db.query(insertMember, member(person))).rejects.toMatchObject({
      code: '55P03',
      constraint: 'memberships_removal_under_way',
    });
  });

  it('may be a member elsewhere meanwhile', async () => {
    const other = await createOrganisation(service);
    const person = await memberWithKeys(service, org, 51);
    await removeMember(org, person);
    const elsewhere = await join(service, other, person.userId);
    expect(await whoamiStatuses(service, [person.key, elsewhere.secret])).toEqual([401, 200]);
  });

  it('can be added once it is over, with the same Idempotency-Key as before', async () => {
    const person = await memberWithKeys(service, org, 51);
    await removeMember(org, person);
    const { email } = person;
    const headers = { 'idempotency-key': `again-${person.userId}` };
    const add = () =>
      org.manager.post(org.path('/members'), { email, name: 'B', role: 'member' }, headers);
    expect((await add()).status).toBe(409);
    await held.rollback();
    const added = await eventually(async () => {
      const response = await add();
      return response.status === 201 && response;
    }, 90_000).finally(async () => (held = await holdRemovals(service.db)));
    expect(added.headers.get('idempotency-replayed')).toBeNull();
    expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
  });

  for (const level of levels) {
    describe(`in ${level}`, () => {
      /** Runs `work` in a transaction of this level, on a connection of its own. */
      async function within<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
        const client = await service.db.connect();
        try {
          await client.query(`BEGIN ISOLATION LEVEL ${level}`);
          const done = await work(client);
          await client.query('COMMIT');
          return done;
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        } finally {
          client.release();
        }
      }

      it('is not added by SQL that has begun before the removal', async () => {
        const person = await memberWithKeys(service, org, 51);
        const added = within(async (client) => {
          // The snapshot is of a time when the person was a member.
          await client.query('SELECT FROM memberships');
          await removeMember(org, person);
          await client.query(insertMember, member(person));
        });
        const code = level === 'READ COMMITTED' ? '55P03' : '40001';
        await expect(added).rejects.toMatchObject({ code });
        expect(await isUnderWay(service.db, person.userId)).toBe(true);
      });

      it('is not added by SQL that waits for the removal', async () => {
        const person = await memberWithKeys(service, org, 51);
        const removal = await hold(service.db, deleteMember, member(person));
        const added = within((client) => client.query(insertMember, member(person)));
        const failed = expect(added).rejects.toMatchObject({
          code: expect.stringMatching(/^(55P03|40001)$/),
        });
        await untilWaiting(service.db);
        await removal.commit();
        await failed;
        expect(await isUnderWay(service.db, person.userId)).toBe(true);
      });

      it('is one also where SQL by hand removed them, with keys that were created meanwhile', async () => {
        const person = await addPerson(service, org.id, 'member');
        await service.db.query('UPDATE api_keys SET revoked_at = now() WHERE owner_id = $1', [
          person.userId,
        ]);
        const client = new Client({ connectionString: service.settings.databaseUrl });
        await client.connect();
        try {
          await client.query(`BEGIN ISOLATION LEVEL ${level}`);
          await client.query('SELECT FROM memberships');
          // A creation holds the membership while the DELETE comes.
          const creation = await hold(
            service.db,
            'SELECT FROM memberships WHERE org_id = $1 AND user_id = $2 FOR SHARE',
            member(person),
          );
          const deleted = client.query(deleteMember, member(person));
          await untilWaiting(service.db);
          await creation.query(
            `INSERT INTO api_keys (id, org_id, owner_id, name, scope)
             VALUES ('key_' || right($2, 26), $1, $2, 'late', 'read')`,
            member(person),
          );
          await creation.commit();
          await deleted;
          const committed = client.query('COMMIT');
          if (level === 'READ COMMITTED') await committed;
          else await expect(committed).rejects.toMatchObject({ code: '40001' });
        } finally {
          await client.end();
        }
        // It has not happened, or it is known that there is a key left.
        const { status } = await org.manager.get(org.path(`/members/${person.userId}`));
        expect(status).toBe(level === 'READ COMMITTED' ? 404 : 200);
        expect(await isUnderWay(service.db, person.userId)).toBe(status === 404);
      });

      it('is one also where SQL by hand moved the membership', async () => {
        const other = await createOrganisation(service);
        const person = await addPerson(service, org.id, 'member');
        await within((client) =>
          client.query('UPDATE memberships SET org_id = $3 WHERE org_id = $1 AND user_id = $2', [
            ...member(person),
            other.id,
          ]),
        );
        const back = service.db.query('UPDATE memberships SET org_id = $1 WHERE user_id = $2', [
          ...member(person),
        ]);
        await expect(back).rejects.toMatchObject({ constraint: 'memberships_removal_under_way' });
      });
    });
  }

  it('is one also where triggers were turned off', async () => {
    const person = await addPerson(service, org.id, 'member');
    const client = await service.db.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(deleteMember, member(person));
      await expect(client.query(insertMember, member(person))).rejects.toMatchObject({
        constraint: 'memberships_removal_under_way',
      });
    } finally {
      await client.query('RESET session_replication_role');
      client.release();
    }
  });

  it('has no removal where SQL by hand deletes a membership without keys', async () => {
    const person = await addPerson(service, org.id, 'member');
    await service.db.query('UPDATE api_keys SET revoked_at = now() WHERE owner_id = $1', [
      person.userId,
    ]);
    await service.db.query(deleteMember, member(person));
    expect(await isUnderWay(service.db, person.userId)).toBe(false);
    await service.db.query(insertMember, member(person));
    expect(await isUnderWay(service.db, person.userId)).toBe(false);
  });

  it('has keys that the service revokes itself, where SQL by hand removed them', async () => {
    const person = await memberWithKeys(service, org, 120);
    const { secret, id } = await createKey(person, org);
    await service.db.query(deleteMember, member(person));
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
    expect((await org.manager.get(org.path(`/keys/${id}`))).body).toMatchObject({
      state: 'revoked',
      revokedBy: { userId: null, keyId: null },
      revokeReason: 'owner_removed',
    });
    await held.rollback();
    try {
      await untilRemoved(service.db, person.userId, 120_000);
    } finally {
      held = await holdRemovals(service.db);
    }
    const none = { byUserId: null, byKeyId: null };
    const nobody = { actorOrgId: null, actorUserId: null, actorKeyId: null, requestId: null };
    expect(await revocationsOf(service.db, person.userId)).toMatchObject([
      { keys: 121, events: 1, reason: 'owner_removed', ...none, ...nobody },
    ]);
  });

  it('never has a key that works, when they are removed and added at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await memberWithKeys(service, org, 51);
      const [removed, ...added] = await Promise.all([
        org.manager.delete(org.path(`/members/${person.userId}`)),
        ...[1, 2, 3].map(() =>
          service.operator.put(org.path(`/members/${person.userId}`), {
            role: 'member',
            grants: null,
          }),
        ),
      ]);
      expect(removed.status).toBe(200);
      for (const { status } of added) expect([200, 409]).toContain(status);
      expect(await whoamiStatuses(service, [person.key])).toEqual([401]);
      expect(await unrevokedRows(service.db, person.userId)).toBe(51);
      const path = org.path(`/members/${person.userId}`);
      expect((await org.manager.get(path)).status).toBe(404);
    }
  });
});
