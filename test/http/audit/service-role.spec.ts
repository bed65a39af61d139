import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyChain } from '../../../src/audit/chain-verifier.js';
import { verifyNow } from '../../support/chain.js';
import { createOrganisation } from '../../support/organisation.js';
import { serviceRole, type ServiceRole } from '../../support/service-role.js';
import { startService, type Service } from '../../support/service.js';

/** A type whose cast to json is a function of its creator: a trigger that calls `to_jsonb` runs it. */
const ownCast = `
  CREATE TYPE pg_temp.odd AS ENUM ('x');
  CREATE FUNCTION pg_temp.seize(pg_temp.odd) RETURNS json LANGUAGE plpgsql AS $$
  BEGIN
    ALTER TABLE public.audit_events DISABLE TRIGGER USER;
    UPDATE public.audit_events SET ip = '203.0.113.66';
    RETURN '{}';
  END $$;
  CREATE CAST (pg_temp.odd AS json) WITH FUNCTION pg_temp.seize(pg_temp.odd);
  CREATE TEMPORARY TABLE mine (id text, org_id text, user_id text, expires_at timestamptz, x pg_temp.odd);`;

/** Functions that run as the owner of the tables. */
const ownersTriggers = [
  `auth_record('key', 'id')`,
  'audit_chain_record()',
  'expiry_changed()',
  'end_sessions()',
  'membership_ended()',
  'membership_begun()',
];

/** What the role must not do, each of which would change the log or what is read of it. */
const refused: Record<string, string> = {
  'change an event': 'UPDATE audit_events SET ip = NULL',
  'change no event at all': 'UPDATE audit_events SET ip = NULL WHERE false',
  'change one that is there already': `INSERT INTO audit_events SELECT * FROM audit_events
    ON CONFLICT (id) DO UPDATE SET ip = NULL`,
  'remove events': 'DELETE FROM audit_events',
  'empty the log': 'TRUNCATE audit_events',
  'keep others from reading it': 'SELECT; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE',
  'lock its rows': 'SELECT FROM audit_events FOR UPDATE',
  'turn triggers off': 'ALTER TABLE audit_events DISABLE TRIGGER USER',
  'turn triggers of a session off': 'SET session_replication_role = replica',
  'add a trigger': `CREATE TRIGGER mine BEFORE INSERT ON audit_events
    EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  'add a rule': 'CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING',
  'hide rows': 'ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY',
  'add rows of another table': 'CREATE TABLE public.mine () INHERITS (audit_events)',
  'rename the log': 'ALTER TABLE audit_events RENAME TO hidden',
  'add to the chain': `INSERT INTO audit_chain VALUES (999999, 'x', 'x')`,
  'change the chain': 'UPDATE audit_chain SET hash = hash',
  'cut the chain off': 'DELETE FROM audit_chain WHERE seq = (SELECT max(seq) FROM audit_chain)',
  'chain an event again': 'SELECT audit_chain_append(e) FROM audit_events e LIMIT 1',
  'replace what stamps events': `CREATE OR REPLACE FUNCTION audit_event_stamp() RETURNS trigger
    LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  'move the head of the history': 'UPDATE auth_head SET n = 1',
  'begin an epoch': 'UPDATE auth_head SET epoch = gen_random_uuid()',
  'note what did not happen': `SELECT auth_note(1, 'key', 'x')`,
  'prune the history': 'DELETE FROM auth_log',
  'make a table where the service looks': 'CREATE TABLE public.mine (id text)',
  'make a function where the service looks': `CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql
    AS 'SELECT 1'`,
  'make a schema': 'CREATE SCHEMA mine',
};

describe("The service's own role", () => {
  let service: Service;
  let role: ServiceRole;

  beforeAll(async () => {
    service = await startService();
    await createOrganisation(service);
    role = await serviceRole(service);
  });
  afterAll(async () => {
    await role.drop();
    await service.stop();
  });

  for (const [what, sql] of Object.entries(refused)) {
    it(`cannot ${what}`, async () => {
      await expect(role.client.query(sql)).rejects.toMatchObject({ code: '42501' });
      expect((await verifyNow(service.db)).findings).toEqual([]);
    });
  }

  it('leads nobody to other tables by a search_path of its own', async () => {
    const { name, client } = role;
    await client.query(`
      CREATE TEMPORARY TABLE audit_chain (seq bigint, event_id text, hash bytea);
      CREATE TEMPORARY TABLE audit_events AS SELECT * FROM public.audit_events WHERE false;
      ALTER ROLE ${name} SET search_path = pg_temp, elsewhere, pg_catalog, public`);
    const { head } = await verifyNow(service.db);
    expect(await verifyChain(client, [head])).toEqual({ head, findings: [] });
  });

  for (const name of ownersTriggers) {
    it(`runs nothing as the owner of the tables by way of ${name}`, async () => {
      const attack = `BEGIN; ${ownCast}
        CREATE TRIGGER go BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.${name};
        INSERT INTO mine VALUES ('a', 'a', 'a', now(), 'x'); COMMIT`;
      await expect(role.client.query(attack)).rejects.toMatchObject({ code: '42501' });
      await role.client.query('ROLLBACK');
      const { rowCount } = await service.db.query(
        `SELECT FROM audit_events WHERE ip = '203.0.113.66'`,
      );
      expect(rowCount).toBe(0);
      expect((await verifyNow(service.db)).findings).toEqual([]);
    });
  }
});
