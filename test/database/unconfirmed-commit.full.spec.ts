import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { OwnServer } from '../support/own-server.js';
import { startService, type Service } from '../support/service.js';

const revoke = (org: Organisation, { id }: { id: string }) =>
  org.manager.delete(org.path(`/keys/${id}`));

const codeOf = ({ status, body }: ApiResponse) => ({ status, code: body?.code as unknown });
const unknown = { status: 503, code: 'outcome_unknown' };

describe('a change that no standby has confirmed', () => {
  let server: OwnServer;
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    server = await OwnServer.start();
    service = await startService({ database: server.database });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
  });

  it('is never reported as a success, not even when its wait is cancelled and PostgreSQL says COMMIT', async () => {
    const key = await createKey(org.member, org);
    await server.query(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
    let response: ApiResponse | undefined;
    const revoked = revoke(org, key).then((settled) => (response = settled));
    try {
      const waiting = `FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
      await eventually(async () => (await server.query(`SELECT ${waiting}`)).length > 0);
      await delay(500);
      expect(response).toBeUndefined();
      await server.query(`SELECT pg_cancel_backend(pid) ${waiting}`);
      expect(codeOf(await revoked)).toEqual(unknown);
    } finally {
      await server.query('ALTER SYSTEM RESET synchronous_standby_names');
    }
    expect((await revoke(org, key)).status).toBe(200);
  });
});

describe('a change whose COMMIT brings a warning', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  /** Has a deferred trigger say something inside the final message. */
  async function say(level: string): Promise<void> {
    await service.db.query(`
      CREATE OR REPLACE FUNCTION say_something() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE ${level}; RETURN NULL; END $$;
      CREATE OR REPLACE FUNCTION say_nothing() RETURNS void LANGUAGE sql AS
        'DROP TRIGGER IF EXISTS says ON api_keys';
      SELECT say_nothing();
      CREATE CONSTRAINT TRIGGER says AFTER UPDATE ON api_keys DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION say_something()`);
  }

  it('is of unknown outcome, also where a setting hides warnings, and can be repeated', async () => {
    const key = await createKey(org.member, org);
    await say(`WARNING 'something is wrong'`);
    await service.db.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET client_min_messages = error', current_database()); END $$`,
    );
    await service.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'keyfence' AND datname = current_database()`,
    );
    await eventually(async () => (await service.nobody.get('/readyz')).status === 200);
    expect(codeOf(await revoke(org, key))).toEqual(unknown);
    await service.db.query('SELECT say_nothing()');
    expect((await revoke(org, key)).status).toBe(200);
  });

  it('is confirmed when it is a notice, or a message for information', async () => {
    for (const level of [`NOTICE 'by the way'`, `INFO 'by the way'`]) {
      await say(level);
      expect((await revoke(org, await createKey(org.member, org))).status).toBe(200);
    }
    await service.db.query('SELECT say_nothing()');
  });
});
