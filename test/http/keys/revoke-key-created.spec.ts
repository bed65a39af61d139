import { after, before, beforeEach, describe, it } from 'node:test';
import { expect } from 'expect';
import { expire, verify } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { startService, type Service } from '../../support/service.js';

describe('The answer to DELETE /v1/orgs/{orgId}/keys/{keyId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  after(() => service.stop());

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
    expect(body.createdKeys).toHaveLength(2);
    expect(body.createdKeys).toEqual(expect.arrayContaining([live, given].map(shown)));
    expect((await org.manager.delete(path(maker.id))).body.createdKeys).toHaveLength(2);
    expect(await verify(service, live.secret)).toMatchObject({ valid: true });
  });

  describe('of an operator', () => {
    let operators: Pick<Organisation, 'id' | 'path'>;
    let made: Record<'here' | 'there' | 'own', Awaited<ReturnType<typeof createKey>>>;
    let maker: Person;

    before(async () => {
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
      return body.createdKeys as unknown[];
    };

    it('lists to operators the keys that it created in every organisation', async () => {
      await service.operator.delete(other.path(`/keys/${made.there.id}`));
      const again = await createKey(maker, other, { ownerId: other.member.userId });
      const listed = await revoke(service.operator);
      expect(listed).toHaveLength(3);
      expect(listed).toEqual(expect.arrayContaining([made.here, made.own, again].map(shown)));
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
    expect(body.createdKeys).toMatchObject([{ id: own.id }]);
  });
});
