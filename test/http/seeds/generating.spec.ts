import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unnarrow, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';
import { signIn } from '../../support/sessions.js';

const day = 24 * 3_600_000;
const grants = ['telemetry:read', 'telemetry:write', 'scenarios:write', 'settings:admin'];

describe('what the product documents say of generating keys', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service, grants);
    await unnarrow(service, org.manager);
    await unnarrow(service, org.member);
  });
  afterAll(() => service.stop());

  const permissionsOf = async (secret: string): Promise<string[]> =>
    (await verify(service, secret)).permissions as string[];
  const dataOf = async (secret: string) =>
    (await permissionsOf(secret)).filter((permission) => grants.includes(permission));

  describe('what a key is', () => {
    it('a key shows a service who its user is and that they may call it', async () => {
      const { id, secret } = await createKey(org.member, org);
      expect(await verify(service, secret)).toMatchObject({
        valid: true,
        keyId: id,
        ownerId: org.member.userId,
        orgId: org.id,
      });
    });

    it('a program authenticates with nothing but its key', async () => {
      const { secret } = await createKey(org.member, org);
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
      expect((await service.nobody.get('/v1/whoami')).status).toBe(401);
    });

    it('a key is tied to one user account: it stops when the account is deactivated', async () => {
      const { secret } = await createKey(org.member, org);
      await service.operator.post(`/v1/users/${org.member.userId}/deactivate`);
      expect(await verify(service, secret)).toMatchObject({ valid: false });
      await service.operator.post(`/v1/users/${org.member.userId}/reactivate`);
      expect(await verify(service, secret)).toMatchObject({ valid: true });
    });

    it('a key inherits the data permissions of its organisation, as they are now', async () => {
      const own = await createOrganisation(service, ['telemetry:read']);
      await unnarrow(service, own.member);
      const { secret } = await createKey(own.member, own, { scope: 'admin' });
      expect(await dataOf(secret)).toEqual(['telemetry:read']);
      const wider = { grants: ['telemetry:read', 'settings:admin'] };
      await service.operator.put(own.path('/grants'), wider);
      expect(await dataOf(secret)).toEqual(['settings:admin', 'telemetry:read']);
      await service.operator.put(own.path('/grants'), { grants: [] });
      expect(await dataOf(secret)).toEqual([]);
    });
  });

  describe('generating one', () => {
    it('a key has a descriptive name that its user chose', async () => {
      const name = 'Claude Desktop — Work Laptop';
      const { id } = await createKey(org.member, org, { name });
      expect((await org.member.get(org.path(`/keys/${id}`))).body).toMatchObject({ name });
    });

    it('a key without a name is not made', async () => {
      const { status } = await org.member.post(org.path('/keys'), { scope: 'read' });
      expect(status).toBe(400);
    });

    it('the full value is shown when the key is made, for its user to copy', async () => {
      const { secret } = await createKey(org.manager, org);
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
    });

    it('the full value is shown that one time only: from then on there is only the mask', async () => {
      const { id, secret, body } = await createKey(org.manager, org);
      const responses = [
        await org.manager.get(org.path(`/keys/${id}`)),
        await org.manager.get(org.path('/keys?limit=100')),
        await org.manager.get(org.path('/audit-events?limit=100')),
        await org.manager.patch(org.path(`/keys/${id}`), { name: 'renamed' }),
        await service.as(secret).get('/v1/whoami'),
        await service.operator.post('/v1/verify', { key: secret }),
        await org.manager.delete(org.path(`/keys/${id}`)),
      ];
      for (const { status, text } of responses) {
        expect(status).toBe(200);
        expect(text).not.toContain(secret);
        expect(text).not.toContain(secret.slice(7, -4));
      }
      expect(responses[0]?.body).toMatchObject({ masked: body.masked });
      expect(body.masked).toBe(`kf_${secret.slice(3, 7)}…${secret.slice(-4)}`);
    });

    it('a creation that failed can be retried', async () => {
      const failed = await org.manager.post(org.path('/keys'), { name: 'batch job', scope: 'all' });
      expect(failed.status).toBe(400);
      const { secret } = await createKey(org.manager, org, { name: 'batch job' });
      expect(await verify(service, secret)).toMatchObject({ valid: true });
    });

    it('a key has a form by which a scanner finds it in a code repository', async () => {
      const { secret } = await createKey(org.manager, org);
      const file = `const apiKey = "${secret}"; // key_${'0'.repeat(26)}`;
      expect(file.match(/kf_[0-9A-Za-z]{42}/g)).toEqual([secret]);
    });
  });

  describe('permission levels', () => {
    it('read only looks: it monitors, diagnoses and queries', async () => {
      const { secret } = await createKey(org.manager, org, { scope: 'read' });
      expect(await dataOf(secret)).toEqual(['telemetry:read']);
      for (const permission of await permissionsOf(secret)) expect(permission).toMatch(/:read$/);
    });

    it('read-write does all that read does, and also records and manages', async () => {
      const read = await createKey(org.manager, org, { scope: 'read' });
      const { secret } = await createKey(org.manager, org, { scope: 'read-write' });
      const held = await permissionsOf(secret);
      expect(held).toEqual(expect.arrayContaining(await permissionsOf(read.secret)));
      expect(held).toEqual(expect.arrayContaining(['telemetry:write', 'scenarios:write']));
      expect(held.filter((permission) => permission.endsWith(':admin'))).toEqual([]);
    });

    it('admin does everything that its user may, configuration included', async () => {
      const { secret } = await createKey(org.manager, org, { scope: 'admin' });
      expect(await dataOf(secret)).toEqual([...grants].sort());
      const renamed = await service.as(secret).patch(org.path(), { name: 'Renamed' });
      expect(renamed.status).toBe(200);
    });

    it('no level gives a user what they do not have: an admin key of a member manages nobody', async () => {
      const { secret } = await createKey(org.member, org, { scope: 'admin' });
      const { status, body } = await service.as(secret).get(org.path('/members'));
      expect({ status, permission: body.permission }).toEqual({
        status: 403,
        permission: 'members:read',
      });
    });

    it('a key can be restricted to the least that its use needs', async () => {
      const permissions = ['telemetry:read'];
      const { secret } = await createKey(org.manager, org, { permissions });
      expect(await permissionsOf(secret)).toEqual(permissions);
      expect(await verify(service, secret, { permission: 'scenarios:write' })).toMatchObject({
        valid: false,
        code: 'INSUFFICIENT_PERMISSION',
      });
    });
  });

  describe('expiry', () => {
    const lifetime = async (expiry: Record<string, unknown>) => {
      const { body } = await createKey(await signIn(service, org.manager), org, expiry);
      const [from, to] = [
        Date.parse(body.createdAt as string),
        Date.parse(body.expiresAt as string),
      ];
      return Math.round((to - from) / 1_000) / (day / 1_000);
    };

    for (const days of [30, 90, 180, 365]) {
      it(`a key can be set to expire after ${days} days`, async () => {
        expect(await lifetime({ expiresInDays: days })).toBe(days);
      });
    }

    it('a key can be set to expire on a date of choice', async () => {
      const date = new Date(Date.now() + 77 * day).toISOString().slice(0, 10);
      const { body } = await createKey(org.manager, org, { expiresAt: date });
      const lastMoment = new Date(Date.parse(body.expiresAt as string) - 1).toISOString();
      expect(lastMoment).toBe(`${date}T23:59:59.999Z`);
    });

    it('90 days is what a key gets that is not set to anything', async () => {
      expect(await lifetime({})).toBe(90);
    });

    it('a key does not work any more once it has expired', async () => {
      const { id, secret } = await createKey(org.manager, org);
      await service.db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [id]);
      expect(await verify(service, secret)).toMatchObject({ valid: false, code: 'INVALID' });
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(401);
    });
  });
});
