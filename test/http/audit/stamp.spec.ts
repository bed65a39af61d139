import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditActions } from '../../../src/audit/actions.js';
import { addUnstamped, verifyNow } from '../../support/chain.js';
import { auditCount } from '../../support/history.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { serviceRole, type ServiceRole } from '../../support/service-role.js';
import { startService, type Service } from '../../support/service.js';

interface Wanted {
  id: string;
  at: string;
  action: string;
  before: string | null;
  after: string | null;
}

const long = `2026-01-02T03:04:05.678Z`;
const usual: Wanted = { id: '0', at: long, action: 'key.revoked', before: null, after: null };

describe('What is added to the audit log', () => {
  let service: Service;
  let org: Organisation;
  let role: ServiceRole;
  const idOf = (end: string) => `aud_${end.padStart(26, '0')}`;

  /** Adds an event as the service does, with what a node would not. */
  const add = (wanted: Partial<Wanted>, by: { query: ServiceRole['client']['query'] }) => {
    const { id, at, action, before, after: state } = { ...usual, ...wanted };
    return by.query(
      `INSERT INTO audit_events (id, org_id, at, action, target_id, before, after)
       VALUES ($1, $2, $3, $4, 'x', $5, $6)`,
      [id.length < 4 ? idOf(id) : id, org.id, at, action, before, state],
    );
  };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    role = await serviceRole(service);
  });
  afterAll(async () => {
    await role.drop();
    await service.stop();
  });

  it("has the time of its transaction, whatever the service's role says", async () => {
    for (const [index, at] of [long, '2999-01-01', 'infinity', '-infinity'].entries()) {
      await role.client.query('BEGIN');
      await add({ id: `1${index}`, at }, role.client);
      const { rows } = await role.client.query(
        `SELECT at = now()::timestamptz(3) AS "isNow" FROM audit_events WHERE id = $1`,
        [idOf(`1${index}`)],
      );
      expect(rows).toEqual([{ isNow: true }]);
      await role.client.query('COMMIT');
    }
    const query = `audit-events?to=${new Date(Date.parse(long) + 1).toISOString()}`;
    expect((await org.manager.get(org.path(`/${query}`))).body.items).toEqual([]);
    expect((await verifyNow(service.db)).findings).toEqual([]);
  });

  for (const setting of ['origin', 'local', 'replica']) {
    it(`has it under session_replication_role ${setting}, too`, async () => {
      const client = await service.db.connect();
      try {
        await client.query(`BEGIN; SET LOCAL session_replication_role = ${setting}`);
        await add({ id: '2' }, client);
        const { rowCount } = await client.query(
          'SELECT FROM audit_events WHERE id = $1 AND at = now()::timestamptz(3)',
          [idOf('2')],
        );
        expect(rowCount).toBe(1);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    });
  }

  const refused: Record<string, Partial<Wanted>> = {
    'an action that there is not': { action: 'no.such' },
    'an id of another kind': { id: `key_${'0'.repeat(26)}` },
    'an id that is none': { id: 'aud_1234' },
    'a list before': { before: '[1,2]' },
    'a text after': { after: '"text"' },
    'the null of JSON': { after: 'null' },
  };
  for (const [what, wanted] of Object.entries(refused)) {
    it(`is not ${what}`, async () => {
      const events = await auditCount(service.db);
      await expect(add(wanted, role.client)).rejects.toMatchObject({ code: '23514' });
      expect(await auditCount(service.db)).toBe(events);
    });
  }

  it('may be each action that this release records', async () => {
    const client = await service.db.connect();
    try {
      await client.query('BEGIN');
      for (const [index, action] of auditActions.entries()) {
        await add({ id: `3${index}`, action }, client);
      }
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('is named where the owner added it, with all hashes, behind younger ones', async () => {
    const insert = `INSERT INTO audit_events (id, org_id, at, action, target_id)
      VALUES ('${idOf('4')}', '${org.id}', '${long}', 'key.revoked', 'x')`;
    const { head } = await verifyNow(service.db);
    await addUnstamped(service.db, insert);
    const place = `^row ${head.seq + 1}: event ${idOf('4')} has the time ${long}, but row \\d+ before it`;
    expect((await verifyNow(service.db)).findings).toEqual([expect.stringMatching(place)]);
    expect((await org.manager.patch(org.path(), { name: 'Later' })).status).toBe(200);
    expect((await verifyNow(service.db)).findings).toHaveLength(1);
  });
});
