import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { AuditChain1764000004000 } from '../../../src/database/migrations/1764000004000-audit-chain.js';
import { addEvents, unchained, verifyNow } from '../../support/chain.js';
import { count } from '../../support/environment.js';
import { auditCount } from '../../support/history.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

describe('The audit chain', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  /** Every event has its row, and all hashes are those that the verifier computes. */
  async function expectWhole(): Promise<void> {
    const { head, findings } = await verifyNow(service.db);
    expect(findings).toEqual([]);
    expect(head.seq).toBe(await auditCount(service.db));
    expect(await unchained(service.db)).toBe(0);
  }

  it('has a row for each event of the first start and of each change', async () => {
    await expectWhole();
    expect((await org.manager.patch(org.path(), { name: 'Chained ✓ ü 🔗' })).status).toBe(200);
    await expectWhole();
  });

  it('refuses an event whose row it cannot write', async () => {
    const before = await auditCount(service.db);
    const twice = `aud_${'2'.repeat(26)}`;
    const insert = `INSERT INTO audit_events (id, org_id, action, target_id)
      SELECT '${twice}', org_id, action, target_id FROM audit_events LIMIT 1`;
    const client = await service.db.connect();
    try {
      await client.query('BEGIN');
      await client.query(`INSERT INTO audit_chain VALUES (0, '${twice}', '')`);
      await client.query(insert);
      await expect(client.query('COMMIT')).rejects.toMatchObject({ code: '23505' });
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(await auditCount(service.db)).toBe(before);
  });

  it('stays gapless while many organisations change at once', async () => {
    const orgs = [org, await createOrganisation(service), await createOrganisation(service)];
    const change = async (of: Organisation, n: number) => {
      const made = await of.manager.post(of.path('/keys'), { name: `k ${n}`, scope: 'read' });
      const id = made.body.key.id as string;
      return Promise.all([
        of.manager.delete(of.path(`/keys/${id}`)),
        of.member.post(of.path('/keys'), { name: `m ${n}`, scope: 'read' }),
        service.operator.patch(of.path(), { name: `Name ${n}` }),
      ]);
    };
    const statuses = new Set<number>();
    for (let round = 0; round < count(4, 40); round += 1) {
      const names = [5 * round, 5 * round + 1, 5 * round + 2, 5 * round + 3, 5 * round + 4];
      const changes = names.flatMap((n) => orgs.map((of) => change(of, n)));
      for (const { status } of (await Promise.all(changes)).flat()) statuses.add(status);
    }
    expect([...statuses].sort()).toEqual([200, 201]);
    await expectWhole();
  });

  it('takes a change of thousands of rows', async () => {
    const events = count(500, 5_000);
    const before = await auditCount(service.db);
    await addEvents(service.db, org.id, events);
    expect(await auditCount(service.db)).toBe(before + events);
    await expectWhole();
  });

  it('is made by the migration for the events that are there already', async () => {
    const dataSource = new DataSource({
      type: 'postgres',
      url: service.settings.databaseUrl,
      installExtensions: false,
    });
    const migration = new AuditChain1764000004000();
    await dataSource.initialize();
    try {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await migration.down(runner);
      await runner.commitTransaction();
      await addEvents(service.db, org.id, 300, 'later');
      await runner.startTransaction();
      await migration.up(runner);
      await runner.commitTransaction();
      await runner.release();
    } finally {
      await dataSource.destroy();
    }
    await expectWhole();
    expect((await org.manager.patch(org.path(), { name: 'Later' })).status).toBe(200);
    await expectWhole();
  });
});

describe('The audit chain of rows with any content', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  it('has the same hashes whatever a session of hand-written SQL is set to', async () => {
    const settings = `SET timezone = 'Asia/Kolkata'; SET datestyle = 'SQL, DMY';
      SET bytea_output = 'escape'; SET extra_float_digits = -15; SET lc_messages = 'C';
      SET standard_conforming_strings = on; SET synchronous_commit = off; SET search_path = pg_temp`;
    const states = [
      `'null'`,
      'NULL',
      `'{"b": 1.50, "a": [1e3, 0.1, -0, 12345678901234567890], "ä": "ü\\u0001\\"", "": {}}'`,
      `'"text"'`,
      `'[]'`,
    ];
    const client = await service.db.connect();
    try {
      await client.query('ALTER TABLE audit_events DISABLE TRIGGER audit_events_stamp');
      await client.query(settings);
      for (const role of ['origin', 'local', 'replica']) {
        await client.query(`SET session_replication_role = ${role}`);
        for (const [index, state] of states.entries()) {
          await client.query(
            `INSERT INTO public.audit_events (id, org_id, at, action, target_id, before, after, ip)
             VALUES ($1, $2, $3, 'by hand', '', ${state}, ${state}, '12:34-5:')`,
            [`aud_${role}_${index}`, org.id, `19${index}9-12-31 23:59:59.999999+05:45`],
          );
        }
      }
    } finally {
      await client.query('RESET ALL');
      client.release();
    }
    const { head, findings } = await verifyNow(service.db);
    // The hashes are right; the times are not those at which the rows were written.
    expect(findings).toEqual([
      expect.stringMatching(/^row \d+: event aud_origin_0 has the time 1909-.* \(and 14 more\)$/),
    ]);
    expect(head.seq).toBe(await auditCount(service.db));
  });
});

describe('When some audit rows cannot be written', () => {
  const failures = {
    'at once': 'CREATE TRIGGER refuse_some BEFORE INSERT',
    'at commit, before the chain':
      'CREATE CONSTRAINT TRIGGER a_refuse_some AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED',
    'at commit, behind the chain':
      'CREATE CONSTRAINT TRIGGER z_refuse_some AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED',
    'in the chain': 'CREATE TRIGGER refuse_some BEFORE INSERT',
  };

  for (const [when, trigger] of Object.entries(failures)) {
    it(`${when}, there is no change without its row`, async () => {
      const service = await startService();
      try {
        const org = await createOrganisation(service);
        const table = when === 'in the chain' ? 'audit_chain' : 'audit_events';
        await service.db.query(`
          CREATE SEQUENCE nth;
          CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
          BEGIN
            IF nextval('nth') % 3 = 0 THEN RAISE EXCEPTION 'no event today'; END IF;
            RETURN NEW;
          END $$;
          ${trigger.includes(' ON ') ? trigger : `${trigger} ON ${table}`}
            FOR EACH ROW EXECUTE FUNCTION refuse_some()`);
        const statuses = new Map<number, number>();
        for (let done = 0; done < count(100, 500); done += 10) {
          const responses = await Promise.all(
            Array.from({ length: 10 }, (_, n) =>
              org.manager.post(org.path('/keys'), { name: `k ${done + n}`, scope: 'read' }),
            ),
          );
          for (const { status } of responses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        const refused = (statuses.get(500) ?? 0) + (statuses.get(503) ?? 0);
        expect(statuses.get(201)).toBeGreaterThan(count(50, 250));
        expect(refused).toBe(count(100, 500) - (statuses.get(201) ?? 0));
        expect(refused).toBeGreaterThan(count(20, 100));
        const { rows } = await service.db.query<{ stored: number; missing: number }>(`
          SELECT count(*)::int AS stored,
            count(*) FILTER (WHERE id NOT IN
              (SELECT target_id FROM audit_events WHERE action = 'key.created'))::int AS missing
          FROM api_keys WHERE name LIKE 'k %'`);
        expect(rows[0]).toEqual({ stored: statuses.get(201), missing: 0 });
        const { head, findings } = await verifyNow(service.db);
        expect(findings).toEqual([]);
        expect(head.seq).toBe(await auditCount(service.db));
      } finally {
        await service.stop();
      }
    });
  }
});
