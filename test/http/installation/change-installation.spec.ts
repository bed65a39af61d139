import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import type { Settings } from '../../../src/config/settings.js';
import { withPreparedDatabase } from '../../../src/database/migrate.js';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { createDatabase, type Database } from '../../support/environment.js';
import { unnarrow, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { takeBack } from '../../support/previous-schema.js';
import {
  expectProblem,
  missing,
  refusesEach,
  refusesOtherBodies,
  withoutTrace,
} from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';

const grants = ['telemetry:read', 'telemetry:write'];

/** A database that was upgraded from the release before data-only keys. */
async function upgradedDatabase(): Promise<Database> {
  const database = await createDatabase();
  const db = new Pool({ connectionString: database.adminUrl, max: 1 });
  try {
    await takeBack(database, 'MoreActions1764000024200');
    await db.query(
      `INSERT INTO organisations (id, name, slug, kind, grants) VALUES ($1, 'Old', 'old', 'customer', '{}')`,
      [missing.org],
    );
    const settings = { databaseUrl: database.url } as Settings;
    const ready = () => Promise.resolve();
    await withPreparedDatabase(settings, () => undefined, ready);
  } finally {
    await db.end();
  }
  return database;
}

describe('PATCH /v1/installation, after an upgrade from a release without data-only keys', () => {
  let service: Service;
  let org: Organisation;
  const patch = (body: unknown) => service.operator.patch('/v1/installation', body);
  const dataKey = (input: object = {}) =>
    createKey(org.manager, org, { scope: 'read-write', management: false, ...input });
  const before = { knowsDataOnlyKeys: false };
  const after = { knowsDataOnlyKeys: true };

  beforeAll(async () => {
    service = await startService({ database: await upgradedDatabase() });
    org = await createOrganisation(service, grants);
    await unnarrow(service, org.manager);
  });
  beforeEach(() => service.db.query('UPDATE installation SET knows_data_only_keys = false'));
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    send: (who) => who.patch('/v1/installation', before),
  });

  it('is what it takes for data-only keys without a list, of which older nodes would allow too much', async () => {
    expect((await service.operator.get('/v1/installation')).body).toMatchObject(before);
    const early = await dataKey();
    expect(early.body).toMatchObject({ management: false, permissions: grants });
    const given = { permissions: ['telemetry:read'] };
    expect((await dataKey(given)).body).toMatchObject({ management: false, ...given });
    expect((await createKey(org.manager, org)).body.permissions).toBeNull();

    const { response, events } = await audited(service, await operatorOrgId(service), () =>
      patch(after),
    );
    expect(response.status).toBe(200);
    await expectAuthSeq(service, response);
    expect(response.body).toMatchObject(after);
    expect(events).toMatchObject([{ action: 'installation.changed', before, after }]);
    expect((await service.operator.get('/v1/installation')).body).toMatchObject(after);

    const late = await dataKey();
    expect(late.body).toMatchObject({ management: false, permissions: null });
    const more = [...grants, 'scenarios:read'].sort();
    await service.operator.put(org.path('/grants'), { grants: more });
    // The one with a list stays as it is.
    expect(await verify(service, early.secret)).toMatchObject({ permissions: grants });
    expect(await verify(service, late.secret)).toMatchObject({ permissions: more });
    await service.operator.put(org.path('/grants'), { grants });
  });

  it('is also what it takes for keys that become data-only', async () => {
    const limit = async () => {
      const { id } = await createKey(org.manager, org, { scope: 'read' });
      const { body } = await org.manager.patch(org.path(`/keys/${id}`), { management: false });
      return body as unknown;
    };
    expect(await limit()).toMatchObject({ management: false, permissions: ['telemetry:read'] });
    await patch(after);
    expect(await limit()).toMatchObject({ management: false, permissions: null });
  });

  it('writes no event when nothing changes', async () => {
    const { response, events } = await audited(service, await operatorOrgId(service), () =>
      patch(before),
    );
    expect({ status: response.status, events }).toEqual({ status: 200, events: [] });
  });

  it('refuses other values, unknown fields, nothing at all, and bodies that are no object', async () => {
    const values = { null: null, text: 'true', number: 1, list: [true] };
    await refusesEach(service, 'knowsDataOnlyKeys', values, (value) =>
      patch({ knowsDataOnlyKeys: value }),
    );
    for (const body of [{ single: false }, {}]) {
      expectProblem(await withoutTrace(service, () => patch(body)), 400, 'invalid_request');
    }
    await refusesOtherBodies(service, patch);
  });

  it('is not undone by a release that would let data-only keys manage', async () => {
    await patch(after);
    await dataKey();
    const database = { adminUrl: service.settings.databaseUrl } as Database;
    await expect(takeBack(database, 'MoreActions1764000024200')).rejects.toThrow(
      'revoke them first',
    );
  });
});
