import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setBounds } from '../../support/bounds.js';
import type { ApiResponse } from '../../support/client.js';
import { expire, verify } from '../../support/keys.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { insertManyKeys } from '../../support/many-keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, withoutTrace } from '../../support/refusals.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

const many = 1_000;

describe('An organisation with bounds', () => {
  let service: Service;
  let second: SecondService;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    second = await startSecondService(service);
  });
  beforeEach(async () => {
    // The manager and the member have one key each.
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await second.stop();
    await service.stop();
  });

  const bind = (maxKeysPerMember: number, maxKeysPerOrg: number) =>
    setBounds(service.operator, org, { maxKeysPerMember, maxKeysPerOrg });
  const create = (who: Pick<Person, 'post'>, body: object = {}, key?: string) =>
    who.post(
      org.path('/keys'),
      { name: 'k', scope: 'read', ...body },
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const live = async (ownerId?: string) => {
    const { rows } = await service.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM api_keys
       WHERE org_id = $1 AND owner_id = coalesce($2, owner_id) AND revoked_at IS NULL`,
      [org.id, ownerId],
    );
    return rows[0]?.n;
  };
  const expectFull = async (send: () => Promise<ApiResponse>, which: RegExp) => {
    const response = await withoutTrace(service, send);
    expectProblem(response, 409, 'too_many_keys');
    expect(response.body.detail).toMatch(which);
    expect(response.body.detail).toMatch(/Revoke keys .* or ask the operator/);
  };

  /** Creates so many keys at once at two nodes. A caller that gets 429 or 503 repeats the call. */
  async function crowd(people: readonly Person[], calls: number): Promise<ApiResponse[]> {
    const insist = async (n: number) => {
      const person = people[n % people.length] as Person;
      const who = (n % 4 < 2 ? service : second).as(person.key);
      for (const key = randomUUID(); ;) {
        const response = await create(who, {}, key);
        if (response.status !== 429 && response.status !== 503) return response;
      }
    };
    return Promise.all(Array.from({ length: calls }, (_, n) => insist(n)));
  }

  const expectExactly = async (responses: ApiResponse[], created: number) => {
    const refused = responses.filter(({ status }) => status !== 201);
    for (const response of refused) expectProblem(response, 409, 'too_many_keys');
    expect(responses.length - refused.length).toBe(created);
    const { rows } = await service.db.query<{ recorded: number }>(
      `SELECT count(*)::int AS recorded FROM audit_events
       WHERE org_id = $1 AND action = 'key.created' AND actor_org_id = $1`,
      [org.id],
    );
    expect(rows).toEqual([{ recorded: created }]);
  };

  it('has as many keys of a member as the bound says when 100 are created at once', async () => {
    await bind(40, many);
    await expectExactly(await crowd([org.member], 100), 39);
    expect(await live(org.member.userId)).toBe(40);
    expect((await create(org.manager)).status).toBe(201);
  });

  it('has as many keys as the bound says when 100 are created at once by several', async () => {
    await bind(many, 50);
    await expectExactly(await crowd([org.member, org.manager], 100), 48);
    expect(await live()).toBe(50);
  });

  it('refuses one key more, says which bound it is, and keeps nothing of it', async () => {
    const rows = async () =>
      (
        await service.db.query(
          `SELECT (SELECT count(*) FROM api_keys), (SELECT count(*) FROM key_secrets),
             (SELECT count(*) FROM idempotency_keys), (SELECT count(*) FROM expiry_watch)`,
        )
      ).rows as unknown;
    await bind(1, many);
    const before = await rows();
    await expectFull(() => create(org.member, {}, randomUUID()), /owner .* per member, 1\./);
    await bind(many, 2);
    await expectFull(() => create(org.member, {}, randomUUID()), /organisation .* keys, 2\./);
    expect(await rows()).toEqual(before);
  });

  it('counts keys for their owner, not for their creator', async () => {
    await bind(2, many);
    const forMember = { ownerId: org.member.userId };
    expect((await create(org.manager, forMember)).status).toBe(201);
    await expectFull(() => create(org.manager, forMember), /owner/);
    await expectFull(() => create(service.operator, forMember), /owner/);
    expect((await create(org.manager)).status).toBe(201);
  });

  it('says of a request that is wrong what is wrong with it, also when there is no room', async () => {
    await bind(1, 1);
    const response = await create(org.member, { expiresInDays: 1_000 });
    expectProblem(response, 400, 'expiry_not_allowed');
  });

  it('does not count keys that are revoked or have expired', async () => {
    await bind(2, 3);
    for (const end of [
      ({ id }: { id: string }) => org.member.delete(org.path(`/keys/${id}`)),
      ({ id }: { id: string }) => expire(service, id),
    ]) {
      const key = await createKey(org.member, org);
      await expectFull(() => create(org.member), /owner/);
      await end(key);
    }
    const endless = await createKey(org.member, org);
    await service.db.query('UPDATE api_keys SET expires_at = NULL WHERE id = $1', [endless.id]);
    await expectFull(() => create(org.member), /owner/);
    await expectFull(() => create(org.manager), /organisation/);
  });

  it('does not count keys of people who are no members any more, also before they are revoked', async () => {
    const gone = await addPerson(service, org.id, 'member');
    await bind(many, 3);
    await expectFull(() => create(org.member), /organisation/);
    await service.db.query('DELETE FROM memberships WHERE org_id = $1 AND user_id = $2', [
      org.id,
      gone.userId,
    ]);
    expect((await create(org.member)).status).toBe(201);
    await expectFull(() => create(org.member), /organisation/);
  });

  it('keeps keys that are beyond the bounds, which work, and creates no further one', async () => {
    const own = await Promise.all([1, 2, 3].map(() => createKey(org.member, org)));
    await insertManyKeys(service.db, { orgId: org.id, ownerId: org.member.userId, count: 20 });
    await bind(2, 5);
    await expectFull(() => create(org.member), /owner/);
    await expectFull(() => create(org.manager), /organisation/);
    for (const { id, secret } of own) {
      expect(await verify(service, secret)).toMatchObject({ valid: true });
      const renamed = await org.member.patch(org.path(`/keys/${id}`), { name: 'renamed' });
      expect(renamed.status).toBe(200);
    }
    await bind(25, 26);
    expect((await create(org.member)).status).toBe(201);
    await expectFull(() => create(org.member), /owner/);
  });

  it('leaves other organisations alone', async () => {
    const other = await createOrganisation(service);
    await bind(1, 1);
    expect((await createKey(other.member, other)).body.state).toBe('active');
  });

  it('may be that of the operators', async () => {
    const id = await operatorOrgId(service);
    const customer = org;
    org = { ...org, id, path: (rest = '') => `/v1/orgs/${id}${rest}` };
    await bind(1, many);
    await expectFull(() => create(service.operator), /owner/);
    // What they create elsewhere is not theirs.
    const body = { name: 'k', scope: 'read', ownerId: customer.member.userId };
    expect((await service.operator.post(customer.path('/keys'), body)).status).toBe(201);
    await bind(many, many);
  });

  it('takes an Idempotency-Key again that was refused, and knows one that has succeeded', async () => {
    const spare = await createKey(org.member, org);
    await bind(2, many);
    const key = randomUUID();
    for (let n = 0; n < 2; n += 1) await expectFull(() => create(org.member, {}, key), /owner/);
    await org.member.delete(org.path(`/keys/${spare.id}`));
    const first = await create(org.member, {}, key);
    expect(first.status).toBe(201);
    const repeated = await create(org.member, {}, key);
    expect(repeated.body.key.id).toBe(first.body.key.id);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(await live(org.member.userId)).toBe(2);
  });

  it('lets creations wait for each other, and nothing else', async () => {
    const other = await createOrganisation(service);
    const key = await createKey(org.member, org);
    await using holder = await hold(service.db, 'SELECT pg_advisory_xact_lock($1, hashtext($2))', [
      0x6b_62,
      org.id,
    ]);
    const waiting = create(org.member);
    await untilWaiting(service.db);
    expect((await org.member.delete(org.path(`/keys/${key.id}`))).status).toBe(200);
    expect((await createKey(other.member, other)).body.state).toBe('active');
    expectProblem(await waiting, 503, 'busy');
    await holder.rollback();
    expect((await create(org.member)).status).toBe(201);
  });
});
