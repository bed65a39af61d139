import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { greatestBounds, setBounds } from '../../support/bounds.js';
import { eventually } from '../../support/eventually.js';
import {
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { keyFor, permissionsOf, whoamiStatuses } from '../../support/persons.js';
import { isUnderWay, memberWithKeys, removeMember } from '../../support/removals.js';
import { startService, type Service } from '../../support/service.js';

/** How long each takes is measured by `npm run bench -- neighbours`. */
const many = 20_000;

describe('beside the removal of a member with 20,000 keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let large: Person;

  beforeAll(async () => {
    service = await startService();
    [org, other] = [await createOrganisation(service), await createOrganisation(service)];
    for (const each of [org, other]) await setBounds(service.operator, each, greatestBounds);
    const leaving = await memberWithKeys(service, org, many);
    large = await memberWithKeys(service, other, many, 'manager');
    await removeMember(org, leaving);
    await eventually(async () => {
      const { rowCount } = await service.db.query(
        'SELECT FROM ended_memberships WHERE user_id = $1 AND worked_at IS NOT NULL',
        [leaving.userId],
      );
      return rowCount === 1;
    }, 30_000);
    underWay = async () => {
      expect(await isUnderWay(service.db, leaving.userId)).toBe(true);
    };
  });
  afterAll(() => service.stop());

  let underWay: () => Promise<void>;
  const setStatus = (what: string) => service.operator.post(`/v1/users/${large.userId}/${what}`);

  it('a reported key of somebody with as many keys is revoked', async () => {
    const { secret } = await keyFor(service, other, large.userId);
    expect((await service.nobody.post('/v1/revoke', { key: secret })).status).toBe(200);
    expect(await whoamiStatuses(service, [secret, large.key])).toEqual([401, 200]);
    await underWay();
  });

  it('a demotion touches none of as many keys', async () => {
    const demoted = await other.manager.put(other.path(`/members/${large.userId}`), {
      role: 'member',
      grants: null,
    });
    expect(demoted.status).toBe(200);
    expect(await permissionsOf(large)).not.toContain('members:admin');
    await underWay();
  });

  it('a deactivation and a suspension touch none of as many keys', async () => {
    expect((await setStatus('deactivate')).status).toBe(200);
    expect(await whoamiStatuses(service, [large.key])).toEqual([401]);
    expect((await setStatus('reactivate')).status).toBe(200);
    expect(await whoamiStatuses(service, [large.key])).toEqual([200]);
    expect((await service.operator.post(other.path('/suspend'))).status).toBe(200);
    expect(await whoamiStatuses(service, [large.key])).toEqual([401]);
    expect((await service.operator.post(other.path('/resume'))).status).toBe(200);
    expect(await whoamiStatuses(service, [large.key])).toEqual([200]);
    await underWay();
  });

  it('keys are created and revoked as ever', async () => {
    const { id, secret } = await createKey(other.manager, other);
    expect((await other.manager.delete(other.path(`/keys/${id}`))).status).toBe(200);
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
    await underWay();
  });
});
