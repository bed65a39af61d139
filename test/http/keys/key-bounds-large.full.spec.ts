import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setBounds } from '../../support/bounds.js';
import { count } from '../../support/environment.js';
import { insertManyKeys } from '../../support/many-keys.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { noteStatements, planOf, type Statement } from '../../support/plans.js';
import { expectProblem } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

const many = count(4_000, 200_000);
const bounds = { maxKeysPerMember: 100, maxKeysPerOrg: 300 };

/** Of each kind of key there are many: each would be read by a way that looks cheap. */
describe(`A key created among ${many} live, expired, revoked and left ones`, () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let asked: Statement[];

  beforeAll(async () => {
    service = await startService();
    // The tests say when the tables are analysed.
    await service.db.query('ALTER TABLE api_keys SET (autovacuum_enabled = off)');
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    const gone = await addPerson(service, org.id, 'member');
    const own = {
      orgId: org.id,
      ownerId: org.member.userId,
      count: many,
      hasSecrets: false,
    };
    await insertManyKeys(service.db, own);
    await revokeAll(own.ownerId);
    await insertManyKeys(service.db, { ...own, expires: `now() - interval '1 day'` });
    await insertManyKeys(service.db, { ...own, count: bounds.maxKeysPerMember - 2 });
    await insertManyKeys(service.db, { ...own, ownerId: gone.userId });
    await insertManyKeys(service.db, { ...own, ownerId: org.manager.userId });
    await insertManyKeys(service.db, { ...own, orgId: other.id, ownerId: other.member.userId });
    await service.db.query('DELETE FROM memberships WHERE user_id = $1', [gone.userId]);
    await setBounds(service.operator, org, bounds);
    asked = noteStatements(service);
  });
  afterAll(() => service.stop());

  const revokeAll = (ownerId: string) =>
    service.db.query('UPDATE api_keys SET revoked_at = now() WHERE owner_id = $1', [ownerId]);
  const create = async (ownerId: string) => {
    asked.length = 0;
    return service.operator.post(org.path('/keys'), { name: 'k', scope: 'read', ownerId });
  };

  for (const [when, prepare] of [
    ['before the tables are analysed', 'SELECT'],
    ['when they have been analysed', 'ANALYZE'],
    ['when they have been vacuumed', 'VACUUM ANALYZE'],
  ] as const) {
    it(`reads no more keys than the bounds, ${when}`, async () => {
      await service.db.query(prepare);
      expectProblem(await create(org.manager.userId), 409, 'too_many_keys');
      const counts = asked.filter(({ sql }) => sql.includes('LATERAL'));
      expect(counts).toHaveLength(1);
      const steps = await planOf(service.db, counts[0] as Statement, true);
      const read = steps.filter((step) => step['Relation Name'] === 'api_keys');
      expect(read).toHaveLength(2);
      for (const step of read) {
        expect(step).toMatchObject({
          'Node Type': 'Index Only Scan',
          'Index Name': 'api_keys_live_by_owner',
        });
        expect(step['Rows Removed by Filter'] ?? 0).toBe(0);
        const rows = (step['Actual Rows'] ?? NaN) * (step['Actual Loops'] ?? NaN);
        expect(rows).toBeLessThanOrEqual(bounds.maxKeysPerOrg);
      }
    });
  }

  it('is counted exactly', async () => {
    // The manager alone has more keys than the organisation may have.
    await revokeAll(org.manager.userId);
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await create(org.member.userId)).status);
    expect(statuses).toEqual([201, 201, 409, 409]);
  });
});
