import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type QueryRunner } from 'typeorm';
import { KeyRevocations1764000030000 } from '../../src/database/migrations/1764000030000-key-revocations.js';
import { migrate } from '../support/migrations.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { isRevoking, memberWithKeys, unrevokedRows } from '../support/removals.js';
import { eventually } from '../support/eventually.js';
import { startSecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';

describe('the migration to revocations of all keys of a member', () => {
  const migration = new KeyRevocations1764000030000();
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

  it('is not taken back while keys are left that somebody wants to be revoked', async () => {
    const { userId } = await memberWithKeys(service, org, 70);
    const { body } = await org.manager.post(org.path(`/members/${userId}/keys/revoke`), {});
    expect(body.remaining).toBe(20);
    await expect(migrated('down')).rejects.toThrow(/still to be revoked/);
    const worker = await startSecondService(service, { settings: { role: 'worker' } });
    await eventually(async () => !(await isRevoking(service.db, userId)), 120_000);
    await worker.stop();
    expect(await unrevokedRows(service.db, userId)).toBe(0);
    await migrated('down');
    await migrated('up');
    const again = await org.manager.get(org.path(`/members/${userId}/keys/revoke`));
    expect(again.body).toEqual({ remaining: 0 });
  });
});
