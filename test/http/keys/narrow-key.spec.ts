import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf, expectRefusal, expire, unnarrow, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';
import { signIn } from '../../support/sessions.js';

const day = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

describe('narrowing a key', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    await unnarrow(service, org.manager);
    await org.manager.patch(org.path('/policy'), { allowNoExpiry: true });
  });
  afterAll(() => service.stop());

  const change = (id: string, input: object) => () =>
    org.manager.patch(org.path(`/keys/${id}`), input);
  const expectWider = async (id: string, input: object) => {
    const { body } = await expectRefusal(service, change(id, input), 422, 'not_narrower');
    return body.detail as string;
  };

  describe('the scope', () => {
    it('becomes lower, and the very next verification knows', async () => {
      const { id, secret } = await createKey(org.manager, org, { scope: 'admin' });
      for (const [scope, permission] of [
        ['read-write', 'telemetry:admin'],
        ['read', 'telemetry:write'],
      ] as const) {
        expect(await verify(service, secret, { permission })).toMatchObject({ valid: true });
        expect((await change(id, { scope })()).body).toMatchObject({ scope, state: 'active' });
        expect(await verify(service, secret, { permission })).toMatchObject({
          code: 'INSUFFICIENT_PERMISSION',
        });
        expect(await verify(service, secret)).toMatchObject({ valid: true, scope });
      }
    });

    it('never becomes higher', async () => {
      for (const [from, to] of [
        ['read', 'read-write'],
        ['read', 'admin'],
        ['read-write', 'admin'],
      ]) {
        const { id, secret } = await createKey(org.manager, org, { scope: from });
        expect(await expectWider(id, { scope: to })).toContain(`narrower than ${from}`);
        expect(await verify(service, secret)).toMatchObject({ scope: from });
      }
    });

    it('takes away what it no longer covers from a key that lists it, and brings none back', async () => {
      const { id, secret } = await createKey(org.manager, org, {
        scope: 'read-write',
        permissions: ['telemetry:read', 'telemetry:write'],
      });
      const { body } = await change(id, { scope: 'read' })();
      expect(body.permissions).toEqual(['telemetry:read']);
      expect((await verify(service, secret)).permissions).toEqual(['telemetry:read']);
      const [changed] = await auditOf(org, id);
      expect(changed).toMatchObject({
        action: 'key.changed',
        before: { scope: 'read-write', permissions: ['telemetry:read', 'telemetry:write'] },
        after: { scope: 'read', permissions: ['telemetry:read'] },
      });
      await expectWider(id, { scope: 'read-write' });
    });

    it('never leaves an empty list behind: such a key is to be revoked', async () => {
      const { id } = await createKey(org.manager, org, {
        scope: 'read-write',
        permissions: ['telemetry:write'],
      });
      const request = change(id, { scope: 'read' });
      const { body } = await expectRefusal(service, request, 400, 'nothing_to_grant');
      expect(body.detail).toContain('revoke it');
    });
  });

  describe('the list of permissions', () => {
    it('comes to a key that had none, and the very next verification knows', async () => {
      const { id, secret, body } = await createKey(org.manager, org, { scope: 'read-write' });
      expect(body.permissions).toBeNull();
      const permissions = ['telemetry:read'];
      expect((await change(id, { permissions })()).body).toMatchObject({ permissions });
      expect((await verify(service, secret)).permissions).toEqual(permissions);
    });

    it('gives nothing to a key, now or later, even when it names what the owner does not hold', async () => {
      const { id, secret } = await createKey(org.member, org);
      await unnarrow(service, { keyId: id });
      const { body } = await change(id, { permissions: ['audit:read', 'telemetry:read'] })();
      expect(body.permissions).toEqual(['telemetry:read']);
      const promoted = { role: 'manager', grants: null };
      await service.operator.put(org.path(`/members/${org.member.userId}`), promoted);
      expect((await verify(service, secret)).permissions).toEqual(['telemetry:read']);
      await service.operator.put(org.path(`/members/${org.member.userId}`), {
        ...promoted,
        role: 'member',
      });
    });

    it('becomes a part of itself', async () => {
      const { id, secret } = await createKey(org.manager, org, {
        scope: 'read-write',
        permissions: ['telemetry:read', 'telemetry:write', 'keys:read'],
      });
      await change(id, { permissions: ['keys:read', 'telemetry:read'] })();
      expect((await verify(service, secret)).permissions).toEqual(['keys:read', 'telemetry:read']);
    });

    it('gets no entry that it does not have', async () => {
      const { id } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
      const permissions = ['telemetry:read', 'keys:read'];
      expect(await expectWider(id, { permissions })).toBe('The key does not list keys:read.');
    });

    it('has only what the scope of the key covers, or the lower one of the same request', async () => {
      const { id } = await createKey(org.manager, org, { scope: 'read-write' });
      for (const input of [
        { permissions: ['telemetry:admin'] },
        { scope: 'read', permissions: ['telemetry:write'] },
      ]) {
        const { body } = await expectRefusal(
          service,
          change(id, input),
          400,
          'permission_outside_scope',
        );
        expect(body.detail).toContain(`${input.scope ?? 'read-write'} key cannot hold`);
      }
    });
  });

  describe('the list of addresses', () => {
    it('comes to a key that had none, and the very next verification knows', async () => {
      const { id, secret } = await createKey(org.manager, org);
      const ip = '192.0.2.1';
      expect(await verify(service, secret, { ip })).toMatchObject({ valid: true });
      await change(id, { allowedIps: ['198.51.100.0/24'] })();
      expect(await verify(service, secret, { ip })).toMatchObject({ code: 'IP_NOT_ALLOWED' });
      expect(await verify(service, secret)).toMatchObject({ code: 'IP_NOT_ALLOWED' });
      const allowed = { ip: '198.51.100.7' };
      expect(await verify(service, secret, allowed)).toMatchObject({ valid: true });
      const { body } = await expectRefusal(
        service,
        () => service.as(secret).get('/v1/whoami'),
        403,
        'ip_not_allowed',
      );
      expect(body.detail).toBeUndefined();
    });

    it('gets smaller ranges in place of larger ones', async () => {
      const { id, secret } = await createKey(org.manager, org, {
        allowedIps: ['10.0.0.0/8', '2001:db8::/32'],
      });
      const allowedIps = ['10.1.0.0/16', '10.2.0.0/16', '2001:db8:1::/48'];
      expect((await change(id, { allowedIps })()).body).toMatchObject({ allowedIps });
      expect(await verify(service, secret, { ip: '10.3.0.1' })).toMatchObject({ valid: false });
      expect(await verify(service, secret, { ip: '10.2.0.1' })).toMatchObject({ valid: true });
    });

    it('gets no range outside those that it has', async () => {
      const { id } = await createKey(org.manager, org, { allowedIps: ['10.0.0.0/8'] });
      for (const range of [
        '11.0.0.0/8',
        '10.0.0.0/7',
        '0.0.0.0/0',
        '::/0',
        '::ffff:11.0.0.0/104',
      ]) {
        const detail = await expectWider(id, { allowedIps: ['10.0.0.0/8', range] });
        expect(detail).toContain('outside the addresses of the key');
      }
    });
  });

  describe('the expiry', () => {
    it('becomes earlier, in every form in which a new key takes it but days', async () => {
      const { id, body } = await createKey(await signIn(service, org.manager), org, {
        expiresInDays: 100,
      });
      const date = inDays(50).slice(0, 10);
      const end = new Date(Date.parse(date) + day).toISOString();
      expect((await change(id, { expiresAt: date })()).body.expiresAt).toBe(end);
      const instant = inDays(20);
      expect((await change(id, { expiresAt: instant })()).body.expiresAt).toBe(instant);
      expect(body.createdAt).toBe((await org.manager.get(org.path(`/keys/${id}`))).body.createdAt);
    });

    it('never becomes later, not by a millisecond', async () => {
      const { id, body } = await createKey(org.manager, org);
      const later = new Date(Date.parse(body.expiresAt as string) + 1).toISOString();
      for (const expiresAt of [later, inDays(100), '2099-12-31']) {
        expect(await expectWider(id, { expiresAt })).toContain('only become earlier');
      }
    });

    it('lies in the future: revoking is what ends a key now', async () => {
      const { id } = await createKey(org.manager, org);
      for (const expiresAt of [inDays(-1), '2020-01-01', new Date().toISOString()]) {
        const request = change(id, { expiresAt });
        const { body } = await expectRefusal(service, request, 400, 'expiry_not_allowed');
        expect(body.detail).toBe('The expiry must be in the future.');
      }
    });

    it('comes to a key that had none, whatever the policy says of new keys', async () => {
      const { id } = await createKey(await signIn(service, org.manager), org, { expiresAt: null });
      const { body } = await change(id, { expiresAt: '9999-12-30' })();
      expect(body.expiresAt).toBe('9999-12-31T00:00:00.000Z');
      const list = await org.manager.get(org.path('/keys?sort=expires&order=desc&limit=1'));
      expect(list.body.items).toMatchObject([{ id }]);
      const query = new URLSearchParams({
        sort: 'expires',
        order: 'desc',
        cursor: list.body.nextCursor,
      });
      expect((await org.manager.get(org.path(`/keys?${query.toString()}`))).status).toBe(200);
    });

    it('ends the key at that time', async () => {
      const { id, secret } = await createKey(org.manager, org);
      const { body } = await change(id, { expiresAt: inDays(1) })();
      expect(await verify(service, secret)).toMatchObject({ expiresAt: body.expiresAt });
      await expire(service, id);
      expect(await verify(service, secret)).toMatchObject({ valid: false, code: 'INVALID' });
    });
  });

  it('of the key that made others leaves those as they are', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const { secret } = await createKey({ ...org.manager, ...service.as(maker.secret) }, org, {
      scope: 'read-write',
    });
    await change(maker.id, { scope: 'read' })();
    expect(await verify(service, secret)).toMatchObject({ valid: true, scope: 'read-write' });
  });
});
