import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type QueryRunner } from 'typeorm';
import { EndedMemberships1764000015000 } from '../../src/database/migrations/1764000015000-ended-memberships.js';
import { insertKeys } from '../support/many-keys.js';
import { migrate } from '../support/migrations.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { join, whoamiStatuses } from '../support/persons.js';
import { isUnderWay, untilRemoved } from '../support/removals.js';
import { startSecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';

describe('the migration to ended memberships', () => {
  const migration = new EndedMemberships1764000015000();
  let service: Service;
  let org: Organisation;
  let runner: QueryRunner;

  beforeAll(async () => {
    service = await startService({ settings: { role: 'api' } });
    org = await createOrganisation(service);
    runner = service.app.get(DataSource).createQueryRunner();
  });
  afterAll(async () => {
    await runner.release();
    await service.stop();
  });

  const migrated = (way: 'up' | 'down') => migrate(runner, migration, way);

  it('ends the keys of former members whom SQL had removed, and no others', async () => {
    const { userId, key } = org.member;
    await insertKeys(service.db, org, 70, userId);
    await migrated('down');
    await service.db.query('DELETE FROM memberships WHERE user_id = $1', [userId]);
    await migrated('up');
    const { rows } = await service.db.query(
      'SELECT user_id, keys, request_id FROM ended_memberships',
    );
    expect(rows).toEqual([{ user_id: userId, keys: 71, request_id: null }]);
    const again = await service.operator.put(org.path(`/members/${userId}`), {
      role: 'member',
      grants: null,
    });
    expect(again.status).toBe(409);
    expect(await whoamiStatuses(service, [key, org.manager.key])).toEqual([401, 200]);
  });

  it('is not taken back while it keeps keys from working again', async () => {
    const { userId, key } = org.member;
    await expect(migrated('down')).rejects.toThrow(/still to be revoked/);
    expect(await isUnderWay(service.db, userId)).toBe(true);
    const worker = await startSecondService(service, { settings: { role: 'worker' } });
    await untilRemoved(service.db, userId, 120_000);
    await worker.stop();
    await migrated('down');
    await migrated('up');
    await join(service, org, userId);
    expect(await whoamiStatuses(service, [key])).toEqual([401]);
  });
});
