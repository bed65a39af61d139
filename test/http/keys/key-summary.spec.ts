import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal, expire } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('GET /v1/orgs/{orgId}/keys/summary', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('counts keys by state and use: of members their own, of managers all', async () => {
    const person = await addPerson(service, org.id, 'member');
    const before = await org.manager.get(org.path('/keys/summary'));
    const soon = await createKey(person, org, { expiresInDays: 29 });
    await createKey(person, org, { expiresInDays: 31 });
    const old = await createKey(person, org);
    const used = await createKey(person, org);
    const expired = await createKey(person, org);
    const revoked = await createKey(person, org);
    const days = (id: string, created: number, lastUsed?: number) =>
      service.db.query(
        `WITH aged AS (UPDATE api_keys SET created_at = now() - $2 * interval '1 day' WHERE id = $1)
         INSERT INTO key_usage (key_id, uses, last_used_at)
         SELECT $1, 1, now() - $3 * interval '1 day' WHERE $3 IS NOT NULL`,
        [id, created, lastUsed ?? null],
      );
    await days(old.id, 91);
    await days(used.id, 200, 91);
    await days(soon.id, 200, 89);
    await expire(service, expired.id);
    await org.manager.delete(org.path(`/keys/${revoked.id}`));
    const { status, body } = await person.get(org.path('/keys/summary'));
    expect(status).toBe(200);
    // The fifth active key is the one that the member calls with. It can be counted as used meanwhile.
    expect(body).toMatchObject({ active: 5, expired: 1, revoked: 1, expiringSoon: 1, unused: 2 });
    expect(body.neverUsed).toBeGreaterThanOrEqual(2);
    expect(body.neverUsed).toBeLessThanOrEqual(3);
    const all = await org.manager.get(org.path('/keys/summary'));
    expect(all.body).toMatchObject({
      active: (before.body.active as number) + 4,
      expired: (before.body.expired as number) + 1,
      revoked: (before.body.revoked as number) + 1,
      expiringSoon: (before.body.expiringSoon as number) + 1,
      unused: (before.body.unused as number) + 2,
    });
  });

  it('is refused without a valid key, without keys:read and in other organisations', async () => {
    const path = org.path('/keys/summary');
    await expectRefusal(service, () => service.nobody.get(path), 401, 'unauthenticated');
    const { secret } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
    const narrowed = () => service.as(secret).get(path);
    await expectRefusal(service, narrowed, 403, 'insufficient_permission');
    const other = await createOrganisation(service);
    await expectRefusal(service, () => other.manager.get(path), 404, 'not_found');
  });
});
