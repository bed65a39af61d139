import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verify } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

/** What SQL by hand can put into rows where no constraint keeps it out. */
const keyColumns = [
  `expires_at = 'infinity'`,
  `expires_at = '-infinity'`,
  `expires_at = '294276-01-01'`,
  `expires_at = '0044-03-15 BC'`,
  `revoked_at = 'infinity'`,
  `revoked_at = '-infinity'`,
  `allowed_ips = '{NULL}'`,
  `allowed_ips = '{nonsense}'`,
  `permissions = '{NULL,telemetry:read}'`,
  `permissions = '{{telemetry:read,telemetry:write}}'`,
];

const dropChecks = `
  DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
      WHERE contype = 'c' AND connamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname); END LOOP;
  END $$`;

for (const verifyMode of ['strict', 'direct'] as const) {
  describe(`a row that cannot be read, in mode ${verifyMode}`, () => {
    let service: Service;
    let org: Organisation;
    let owner: Person;
    let odd: { id: string; secret: string };
    let valid: { secret: string };

    beforeAll(async () => {
      service = await startService({ settings: { verifyMode } });
      await service.db.query(dropChecks);
      org = await createOrganisation(service);
      valid = await createKey(org.manager, org);
    });
    beforeEach(async () => {
      owner = await addPerson(service, org.id, 'member');
      odd = await createKey(owner, org);
      expect((await verify(service, odd.secret)).code).toBe('VALID');
    });
    afterAll(() => service.stop());

    async function codeOf(secret: string): Promise<string> {
      return (await verify(service, secret, { ip: '192.0.2.1' })).code as string;
    }

    /** Keys that are asked for at the same time, and so in one query. */
    async function expectOnlyOddDenied(): Promise<void> {
      const both = Array.from({ length: 10 }, () => [odd, valid]).flat();
      const codes = await Promise.all(both.map(({ secret }) => codeOf(secret)));
      expect(codes.filter((_, index) => index % 2 === 1)).toEqual(Array(10).fill('VALID'));
      expect(codes.filter((_, index) => index % 2 === 0)).not.toContain('VALID');
    }

    for (const column of keyColumns) {
      it(`denies only the key with ${column}`, async () => {
        await service.db.query(`UPDATE api_keys SET ${column} WHERE id = $1`, [odd.id]);
        await expectOnlyOddDenied();
        expect((await service.as(odd.secret).get('/v1/whoami')).status).not.toBe(200);
      });
    }

    it('denies only the keys of a member with such grants', async () => {
      await service.db.query(`UPDATE memberships SET grants = '{NULL}' WHERE user_id = $1`, [
        owner.userId,
      ]);
      await expectOnlyOddDenied();
    });

    it('denies only the keys of an organisation with such grants, and takes them back', async () => {
      const other = await createOrganisation(service);
      odd = await createKey(other.member, other);
      await service.db.query(
        `UPDATE organisations SET grants = '{NULL,telemetry:read}' WHERE id = $1`,
        [other.id],
      );
      await expectOnlyOddDenied();
      await service.db.query(`UPDATE organisations SET grants = '{telemetry:read}' WHERE id = $1`, [
        other.id,
      ]);
      expect((await verify(service, odd.secret)).code).toBe('VALID');
    });
  });
}
