import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

/** What nobody can do to the audit log, not even a superuser with plain SQL. */
const statements: Record<string, string> = {
  'change an event': `UPDATE audit_events SET action = 'org.renamed'`,
  'change an event to what it is': 'UPDATE audit_events SET action = action',
  'change no event at all': 'UPDATE audit_events SET action = action WHERE false',
  'remove an event': 'DELETE FROM audit_events WHERE id = (SELECT min(id) FROM audit_events)',
  'remove all events': 'DELETE FROM audit_events',
  'empty the table': 'TRUNCATE audit_events',
  'empty it by way of another table': 'TRUNCATE organisations CASCADE',
  'replace an event': `INSERT INTO audit_events SELECT * FROM audit_events
    ON CONFLICT (id) DO UPDATE SET action = 'org.renamed'`,
  'merge into it': `MERGE INTO audit_events a USING audit_events b ON a.id = b.id
    WHEN MATCHED THEN DELETE`,
  'change the chain': 'UPDATE audit_chain SET seq = seq',
  'remove from the chain': 'DELETE FROM audit_chain WHERE seq = (SELECT max(seq) FROM audit_chain)',
  'empty the chain': 'TRUNCATE audit_chain',
  'remove an organisation with events': `WITH gone AS (DELETE FROM audit_events RETURNING org_id)
    DELETE FROM organisations WHERE id IN (SELECT org_id FROM gone)`,
};

describe('The audit log', () => {
  let service: Service;
  let org: Organisation;
  const dump = async () =>
    (
      await service.db.query<{ line: string }>(
        'SELECT e::text AS line FROM audit_events e ORDER BY id',
      )
    ).rows;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  for (const role of ['origin', 'local', 'replica']) {
    for (const [what, sql] of Object.entries(statements)) {
      it(`lets no SQL ${what} (session_replication_role ${role})`, async () => {
        const rows = await dump();
        expect(rows.length).toBeGreaterThan(4);
        const client = await service.db.connect();
        try {
          await client.query(`SET session_replication_role = ${role}`);
          await expect(client.query(sql)).rejects.toMatchObject({
            code: '42501',
            message: expect.stringMatching(/append-only|TRUNCATE/),
          });
        } finally {
          await client.query('RESET session_replication_role');
          client.release();
        }
        expect(await dump()).toEqual(rows);
      });
    }
  }

  it('grows by each change, and keeps what was there', async () => {
    const rows = await dump();
    expect((await org.manager.patch(org.path(), { name: 'Grown' })).status).toBe(200);
    const later = await dump();
    expect(later).toHaveLength(rows.length + 1);
    const lines = new Set(later.map(({ line }) => line));
    expect(rows.filter(({ line }) => !lines.has(line))).toEqual([]);
  });

  it('has no route that changes or removes events', async () => {
    const { body } = await org.manager.get(org.path('/audit-events?limit=1'));
    const event = org.path(`/audit-events/${body.items[0].id as string}`);
    for (const path of [event, org.path('/audit-events')]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        const response = await service.operator.call(method, path, {});
        expect([404, 405]).toContain(response.status);
      }
    }
  });

  it('holds a change and its event together or not at all', async () => {
    await service.db.query(`
      CREATE FUNCTION refuse_events() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no event today'; END $$;
      CREATE TRIGGER refuse_events BEFORE INSERT ON audit_events EXECUTE FUNCTION refuse_events()`);
    try {
      const name = (await org.manager.get(org.path())).body.name as string;
      const responses = [
        await org.manager.patch(org.path(), { name: 'Untold' }),
        await org.manager.delete(org.path(`/members/${org.member.userId}`)),
        await service.operator.post(org.path('/suspend')),
        await service.operator.post('/v1/users', { email: 'untold@example.com', name: 'U' }),
        await org.manager.post(org.path('/members'), {
          email: 'untold@example.com',
          name: 'U',
          role: 'member',
        }),
      ];
      expect(responses.map(({ status }) => status)).toEqual([500, 500, 500, 500, 500]);
      for (const { text } of responses) expect(text).not.toContain('no event today');
      expect((await org.manager.get(org.path())).body.name).toBe(name);
      expect((await org.member.get('/v1/whoami')).status).toBe(200);
      const users = await service.operator.get('/v1/users?email=untold@example.com');
      expect(users.body.items).toEqual([]);
    } finally {
      await service.db.query('DROP TRIGGER refuse_events ON audit_events');
    }
  });
});
