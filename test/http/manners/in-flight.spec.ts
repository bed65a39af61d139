import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { hold, untilWaiting } from '../../support/locks.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

interface Blow {
  what: string;
  sql: string;
  of: (caller: Person, org: Organisation) => string;
  status: number;
  code: string;
}

const ofKey = ({ keyId }: Person) => keyId;
const ofUser = ({ userId }: Person) => userId;
const ofOrg = (_: Person, { id }: Organisation) => id;
const refused = { status: 401, code: 'unauthenticated' };
const lacking = { status: 403, code: 'insufficient_permission' };

const blows: Blow[] = [
  {
    what: 'whose key is revoked',
    sql: 'UPDATE api_keys SET revoked_at = now() WHERE id = $1',
    of: ofKey,
    ...refused,
  },
  {
    what: 'whose key loses the permission',
    sql: `UPDATE api_keys SET permissions = '{members:read}' WHERE id = $1`,
    of: ofKey,
    ...lacking,
  },
  {
    what: 'whose key is lowered in scope',
    sql: `UPDATE api_keys SET scope = 'read-write' WHERE id = $1`,
    of: ofKey,
    ...lacking,
  },
  {
    what: 'whose key may no longer be used from here',
    sql: `UPDATE api_keys SET allowed_ips = '{10.0.0.0/8}' WHERE id = $1`,
    of: ofKey,
    status: 403,
    code: 'ip_not_allowed',
  },
  {
    what: 'whose owner is deactivated',
    sql: `UPDATE users SET status = 'deactivated' WHERE id = $1`,
    of: ofUser,
    ...refused,
  },
  {
    what: 'whose owner is demoted',
    sql: `UPDATE memberships SET role = 'member' WHERE user_id = $1`,
    of: ofUser,
    ...lacking,
  },
  {
    what: 'whose owner is removed',
    sql: 'DELETE FROM memberships WHERE user_id = $1',
    of: ofUser,
    ...refused,
  },
  {
    what: 'whose organisation is suspended',
    sql: `UPDATE organisations SET status = 'suspended' WHERE id = $1`,
    of: ofOrg,
    ...refused,
  },
];

describe('a change that waits', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  // As changes lock it: what refers to the organisation may be written meanwhile.
  const lockOf = (org: Organisation) =>
    hold(service.db, 'SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE', [org.id]);
  const serviceAccounts = async (org: Organisation) =>
    (
      await service.db.query('SELECT FROM memberships WHERE org_id = $1 AND display_name IS NULL', [
        org.id,
      ])
    ).rowCount;

  for (const { what, sql, of, status, code } of blows) {
    it(`is not made by a caller ${what} meanwhile`, async () => {
      const org = await createOrganisation(service);
      const caller = await addPerson(service, org.id, 'manager');
      const members = await serviceAccounts(org);
      await using holder = await lockOf(org);
      const response = caller.post(org.path('/service-accounts'), { name: 'ci' });
      await untilWaiting(service.db);
      const blow: [string, string[]] = [sql, [of(caller, org)]];
      // The holder itself can change the row that it has locked, and nobody else.
      await (of === ofOrg ? holder.query(...blow) : service.db.query(...blow));
      await holder.commit();
      const { status: got, body } = await response;
      expect({ status: got, code: body.code }).toEqual({ status, code });
      const left = await serviceAccounts(org);
      expect(left).toBe((members ?? 0) - (sql.startsWith('DELETE') ? 1 : 0));
      const { rows } = await service.db.query<{ action: string }>(
        'SELECT action FROM audit_events WHERE org_id = $1 AND actor_key_id = $2',
        [org.id, caller.keyId],
      );
      expect(rows).toEqual([]);
    });
  }

  it('is made by a caller to whom nothing happened meanwhile', async () => {
    const org = await createOrganisation(service);
    await using holder = await lockOf(org);
    const response = org.manager.post(org.path('/service-accounts'), { name: 'ci' });
    await untilWaiting(service.db);
    await holder.rollback();
    const { status, body } = await response;
    expect(status).toBe(201);
    expect(body.authSeq).toBe(await headOf(service.db));
  });

  it('too long for a lock gets 503 busy, and changes nothing', async () => {
    const org = await createOrganisation(service);
    const head = await headOf(service.db);
    await using holder = await lockOf(org);
    const { status, body, headers } = await org.manager.patch(org.path(), { name: 'Renamed' });
    await holder.rollback();
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'busy' });
    expect(headers.get('retry-after')).toBe('1');
    expect(await headOf(service.db)).toBe(head);
  });

  it('keeps nobody waiting who only asks', async () => {
    const org = await createOrganisation(service);
    const key = await createKey(org.member, org);
    await using holder = await lockOf(org);
    const waiting = org.manager.patch(org.path(), { name: 'Renamed' });
    await untilWaiting(service.db);
    const asking = service.as(key.secret);
    expect((await asking.get('/v1/whoami')).status).toBe(200);
    expect((await asking.post('/v1/verify', { key: key.secret })).body.valid).toBe(true);
    expect((await asking.get('/v1/forward-auth/any')).status).toBe(204);
    expect((await asking.get(org.path('/keys'))).status).toBe(200);
    await holder.rollback();
    expect((await waiting).status).toBe(200);
  });
});
