import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expire, verify } from '../../support/keys.js';
import { insertManyKeys } from '../../support/many-keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { walk } from '../../support/pages.js';
import { operatorOrgId } from '../../support/persons.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('The response to DELETE /v1/orgs/{orgId}/keys/{keyId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = (id: string) => org.path(`/keys/${id}`);
  const shown = ({ body: { id, orgId, name, masked } }: { body: Record<string, unknown> }) => ({
    id,
    orgId,
    name,
    masked,
  });

  it('lists the live keys that the revoked one created, which go on working', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const by = { ...org.manager, ...service.as(maker.secret) };
    const live = await createKey(by, org, { name: 'live' });
    const given = await createKey(by, org, { name: 'given', ownerId: org.member.userId });
    const gone = await createKey(by, org);
    const late = await createKey(by, org);
    await org.manager.delete(path(gone.id));
    await expire(service, late.id);
    const { body } = await org.manager.delete(path(maker.id));
    const expected = { total: 2, items: [live, given].map(shown) };
    expect(body.createdKeys).toEqual(expected);
    expect((await org.manager.delete(path(maker.id))).body.createdKeys).toEqual(expected);
    expect(await verify(service, live.secret)).toMatchObject({ valid: true });
  });

  it('lists none of people who are no members any more, also before they are revoked', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const by = { ...org.manager, ...service.as(maker.secret) };
    const gone = await addPerson(service, org.id, 'member');
    await createKey(by, org, { ownerId: gone.userId });
    const left = await createKey(by, org);
    await service.db.query('DELETE FROM memberships WHERE org_id = $1 AND user_id = $2', [
      org.id,
      gone.userId,
    ]);
    const { body } = await org.manager.delete(path(maker.id));
    expect(body.createdKeys).toEqual({ total: 1, items: [shown(left)] });
  });

  it('lists the first hundred, and the list of keys has all of them', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const made = { orgId: org.id, ownerId: org.member.userId, createdBy: maker.id };
    const ids = await insertManyKeys(service.db, { ...made, count: 230 });
    const { body } = await org.manager.delete(path(maker.id));
    expect(body.createdKeys.total).toBe(230);
    const items = body.createdKeys.items as { id: string }[];
    expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 100));
    const list = (query: string) => org.manager.get(org.path(`/keys${query}`));
    const pages = await walk(list, `createdBy=${maker.id}&order=asc&limit=100`);
    expect(pages.flat().map(({ id }) => id)).toEqual(ids);
  });

  describe('of an operator', () => {
    let operators: Pick<Organisation, 'id' | 'path'>;
    let made: Record<'here' | 'there' | 'own', Awaited<ReturnType<typeof createKey>>>;
    let maker: Person;

    beforeAll(async () => {
      const id = await operatorOrgId(service);
      operators = { id, path: (rest = '') => `/v1/orgs/${id}${rest}` };
    });
    beforeEach(async () => {
      maker = await addPerson(service, operators.id, 'manager');
      made = {
        here: await createKey(maker, org, { ownerId: org.member.userId }),
        there: await createKey(maker, other, { ownerId: other.manager.userId }),
        own: await createKey(maker, operators),
      };
    });
    const revoke = async (who: Pick<Person, 'delete'>) => {
      const { status, body } = await who.delete(operators.path(`/keys/${maker.keyId}`));
      expect(status).toBe(200);
      expect(body.createdKeys.items).toHaveLength(body.createdKeys.total as number);
      return body.createdKeys.items as unknown[];
    };

    it('lists to operators the keys that it created in every organisation', async () => {
      await service.operator.delete(other.path(`/keys/${made.there.id}`));
      const again = await createKey(maker, other, { ownerId: other.member.userId });
      const listed = await revoke(service.operator);
      expect(listed).toEqual([made.here, made.own, again].map(shown));
    });

    it('lists none of other organisations to a key that may not act there', async () => {
      const { secret } = await createKey(maker, operators, {
        scope: 'admin',
        permissions: ['keys:write'],
      });
      const listed = await revoke(service.as(secret));
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual(shown(made.own));
      expect(listed).not.toContainEqual(shown(made.here));
    });

    it('lists to an operator who was demoted only what is their own', async () => {
      const role = { role: 'member', grants: null };
      await service.operator.put(operators.path(`/members/${maker.userId}`), role);
      expect(await revoke(maker)).toEqual([shown(made.own)]);
    });
  });

  it('lists no keys of others to a member', async () => {
    const person = await addPerson(service, org.id, 'manager');
    await createKey(person, org, { ownerId: org.manager.userId });
    const own = await createKey(person, org);
    await service.operator.put(org.path(`/members/${person.userId}`), {
      role: 'member',
      grants: null,
    });
    const { body } = await person.delete(path(person.keyId));
    expect(body.createdKeys).toMatchObject({ total: 1, items: [{ id: own.id }] });
  });
});
