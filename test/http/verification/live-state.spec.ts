import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { headOf } from '../../support/history.js';
import { verify } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

interface World {
  org: Organisation;
  owner: Person;
  keyId: string;
  secret: string;
}

/** What holds for the very next request after the statement. */
interface Change {
  what: string;
  sql: (world: World) => [sql: string, values: string[]];
  code: 'VALID' | 'INVALID' | 'INSUFFICIENT_PERMISSION';
}

const change = (
  what: string,
  sql: string,
  of: keyof Pick<World, 'keyId'> | 'orgId' | 'userId',
  code: Change['code'],
): Change => ({
  what,
  sql: ({ org, owner, keyId }) => [sql, [{ keyId, orgId: org.id, userId: owner.userId }[of]]],
  code,
});

const keyIs = 'UPDATE api_keys SET';
const changes: Change[] = [
  change('a revocation', `${keyIs} revoked_at = now() WHERE id = $1`, 'keyId', 'INVALID'),
  change('an expiry', `${keyIs} expires_at = now() WHERE id = $1`, 'keyId', 'INVALID'),
  change('a deleted secret', 'DELETE FROM key_secrets WHERE key_id = $1', 'keyId', 'INVALID'),
  change(
    'a narrower list',
    `${keyIs} permissions = '{other:read}' WHERE id = $1`,
    'keyId',
    'INSUFFICIENT_PERMISSION',
  ),
  change(
    'a lower scope',
    `${keyIs} scope = 'read' WHERE id = $1`,
    'keyId',
    'INSUFFICIENT_PERMISSION',
  ),
  change(
    'a deactivated owner',
    `UPDATE users SET status = 'deactivated' WHERE id = $1`,
    'userId',
    'INVALID',
  ),
  change('a deleted membership', 'DELETE FROM memberships WHERE user_id = $1', 'userId', 'INVALID'),
  change(
    'narrower grants of the member',
    `UPDATE memberships SET grants = '{telemetry:read}' WHERE user_id = $1`,
    'userId',
    'INSUFFICIENT_PERMISSION',
  ),
  change(
    'narrower grants of the organisation',
    `UPDATE organisations SET grants = '{telemetry:read}' WHERE id = $1`,
    'orgId',
    'INSUFFICIENT_PERMISSION',
  ),
  change(
    'a suspended organisation',
    `UPDATE organisations SET status = 'suspended' WHERE id = $1`,
    'orgId',
    'INVALID',
  ),
];

describe('a change in the database, by whatever hand', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  async function createWorld(): Promise<World> {
    const org = await createOrganisation(service);
    const owner = await addPerson(service, org.id, 'member');
    const { id, secret } = await createKey(owner, org, { scope: 'read-write' });
    return { org, owner, keyId: id, secret };
  }
  const wanted = { permission: 'telemetry:write' };

  for (const { what, sql, code } of changes) {
    it(`decides the very next request, and moves the history: ${what}`, async () => {
      const world = await createWorld();
      expect(await verify(service, world.secret, wanted)).toMatchObject({ code: 'VALID' });
      const head = await headOf(service.db);
      await service.db.query(...sql(world));
      expect(await headOf(service.db)).toBe(head + 1);
      expect(await verify(service, world.secret, wanted)).toMatchObject({
        code,
        authSeq: head + 1,
      });
      const status = code === 'INVALID' ? 401 : 403;
      const key = service.as(world.secret);
      expect((await key.get('/v1/forward-auth/telemetry:write')).status).toBe(status);
      expect((await key.get('/v1/whoami')).status).toBe(code === 'INVALID' ? 401 : 200);
    });
  }

  it('is undone as soon as it is undone there: suspension and deactivation are reversible', async () => {
    const { org, owner, secret } = await createWorld();
    const steps: [string, string, string][] = [
      [`UPDATE organisations SET status = 'suspended' WHERE id = $1`, org.id, 'INVALID'],
      [`UPDATE organisations SET status = 'active' WHERE id = $1`, org.id, 'VALID'],
      [`UPDATE users SET status = 'deactivated' WHERE id = $1`, owner.userId, 'INVALID'],
      [`UPDATE users SET status = 'active' WHERE id = $1`, owner.userId, 'VALID'],
    ];
    for (const [sql, id, code] of steps) {
      await service.db.query(sql, [id]);
      expect((await verify(service, secret)).code).toBe(code);
    }
  });

  it('that no decision depends on leaves the history alone', async () => {
    const { org, owner, keyId } = await createWorld();
    const head = await headOf(service.db);
    await service.db.query(`UPDATE api_keys SET revoke_reason = 'x' WHERE id = $1`, [keyId]);
    await service.db.query('UPDATE organisations SET default_expiry_days = 7 WHERE id = $1', [
      org.id,
    ]);
    await service.db.query('UPDATE users SET created_at = now() WHERE id = $1', [owner.userId]);
    await service.db.query('UPDATE users SET status = status, name = name');
    expect(await headOf(service.db)).toBe(head);
  });

  it('of the expiry counts on the clock of the database, and leaves no audit row', async () => {
    const { org, keyId, secret } = await createWorld();
    const events = async () =>
      (await org.manager.get(org.path(`/audit-events?target=${keyId}`))).body.items as unknown[];
    const before = await events();
    await service.db.query(
      `UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 hour' WHERE id = $1`,
      [keyId],
    );
    expect((await verify(service, secret)).code).toBe('VALID');
    await service.db.query('UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = $1', [
      keyId,
    ]);
    expect((await verify(service, secret)).code).toBe('INVALID');
    expect((await org.manager.get(org.path(`/keys/${keyId}`))).body).toMatchObject({
      state: 'expired',
      revokedAt: null,
    });
    expect(await events()).toEqual(before);
  });

  describe('when the clock of the node is wrong', () => {
    const now = Date.now;
    afterEach(() => {
      Date.now = now;
    });

    it('still expires keys on the clock of the database', async () => {
      const { keyId, secret } = await createWorld();
      Date.now = () => now() + 10 * 365 * 24 * 3_600_000;
      expect((await verify(service, secret)).code).toBe('VALID');
      await service.db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [keyId]);
      Date.now = () => now() - 10 * 365 * 24 * 3_600_000;
      expect((await verify(service, secret)).code).toBe('INVALID');
    });
  });
});
