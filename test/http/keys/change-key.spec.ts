import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf, expectRefusal, expire, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('PATCH /v1/orgs/{orgId}/keys/{keyId}', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = (id: string) => org.path(`/keys/${id}`);

  it('gives a key another name, and leaves its limits and its secret as they are', async () => {
    const { id, secret, body } = await createKey(org.manager, org, { name: 'before' });
    const response = await org.manager.patch(path(id), { name: ' After — Größe ' });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      ...body,
      name: 'After — Größe',
      authSeq: expect.any(Number),
    });
    expect((await org.manager.get(path(id))).body).toEqual({ ...body, name: 'After — Größe' });
    expect((await service.as(secret).get('/v1/whoami')).body).toMatchObject({
      keyName: 'After — Größe',
    });
  });

  it('has the number of the state that the change led to', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'read-write' });
    const before = await verify(service, secret);
    const { body } = await org.manager.patch(path(id), { scope: 'read' });
    expect(body.authSeq).toBe((before.authSeq as number) + 1);
    expect(await verify(service, secret)).toMatchObject({ authSeq: body.authSeq, scope: 'read' });
  });

  it('writes exactly one audit row, with what changed before and after', async () => {
    const { id, body } = await createKey(org.manager, org, { name: 'old', scope: 'admin' });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const change = { name: 'new', scope: 'read', permissions: ['telemetry:read'], expiresAt };
    await org.manager.patch(path(id), change);
    const events = await auditOf(org, id);
    expect(events.map(({ action }) => action as string)).toEqual(['key.changed', 'key.created']);
    expect(events[0]).toMatchObject({
      targetId: id,
      actor: { userId: org.manager.userId, keyId: org.manager.keyId },
    });
    const { name, scope, permissions } = body;
    expect(events[0].before).toEqual({ name, scope, permissions, expiresAt: body.expiresAt });
    expect(events[0].after).toEqual(change);
  });

  it('records only the fields that the request named', async () => {
    const { id } = await createKey(org.manager, org, { name: 'old' });
    await org.manager.patch(path(id), { name: 'new' });
    const [event] = await auditOf(org, id);
    expect(event).toMatchObject({ before: { name: 'old' }, after: { name: 'new' } });
    expect(Object.keys(event.after as object)).toEqual(['name']);
  });

  it('succeeds without an audit row when nothing becomes different', async () => {
    const { id, body: key } = await createKey(org.manager, org, {
      permissions: ['telemetry:read'],
      allowedIps: ['10.0.0.0/8'],
    });
    const { name, scope, permissions, allowedIps, expiresAt } = key;
    const same = { name, scope, permissions, allowedIps, expiresAt };
    const { status, body } = await org.manager.patch(path(id), same);
    expect(status).toBe(200);
    expect(body).toEqual({ ...key, authSeq: expect.any(Number) });
    expect(await auditOf(org, id)).toHaveLength(1);
  });

  it('can be asked for by a key on itself', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'read-write' });
    const { status } = await service.as(secret).patch(path(id), { scope: 'read' });
    expect(status).toBe(200);
    const request = () => service.as(secret).patch(path(id), { name: 'again' });
    await expectRefusal(service, request, 403, 'insufficient_permission');
  });

  describe('a key that is not active', () => {
    it('cannot be changed once it is revoked, not even its name', async () => {
      const { id } = await createKey(org.manager, org);
      await org.manager.delete(path(id));
      for (const change of [{ name: 'x' }, { scope: 'read' }, { expiresAt: '2099-01-01' }]) {
        const request = () => org.manager.patch(path(id), change);
        const { body } = await expectRefusal(service, request, 409, 'key_not_active');
        expect(body.detail).toBe('The key is revoked.');
      }
    });

    it('cannot be changed once it has expired', async () => {
      const { id, secret } = await createKey(org.manager, org);
      await expire(service, id);
      for (const change of [{ name: 'x' }, { expiresAt: '2099-01-01' }]) {
        const request = () => org.manager.patch(path(id), change);
        const { body } = await expectRefusal(service, request, 409, 'key_not_active');
        expect(body.detail).toBe('The key is expired.');
      }
      expect(await verify(service, secret)).toMatchObject({ code: 'INVALID' });
    });
  });

  describe('the request', () => {
    let id: string;

    beforeAll(async () => {
      ({ id } = await createKey(org.manager, org, { scope: 'read-write' }));
    });

    for (const [what, change] of Object.entries({
      'an empty object': {},
      'a list': [],
      null: 'null',
      'a new owner': { ownerId: 'usr_00000000000000000000000000' },
      'a new organisation': { orgId: 'org_00000000000000000000000000' },
      'a new secret': { secret: 'x' },
      'a state': { state: 'active' },
      'a revocation': { revokedAt: null },
      'a lifetime in days': { expiresInDays: 30 },
      'null as the name': { name: null },
      'an empty name': { name: ' ' },
      'a name of 101 characters': { name: 'a'.repeat(101) },
      'a NUL character in the name': { name: 'a\u0000' },
      'half a surrogate pair in the name': { name: '\ud800' },
      'a direction override in the name': { name: 'a\u202eb' },
      'an unknown scope': { scope: 'none' },
      'null as the scope': { scope: null },
      'null as the permissions': { permissions: null },
      'no permissions': { permissions: [] },
      'a permission twice': { permissions: ['telemetry:read', 'telemetry:read'] },
      'a malformed permission': { permissions: ['telemetry'] },
      'a text as the permissions': { permissions: 'telemetry:read' },
      'null as the addresses': { allowedIps: null },
      'no addresses': { allowedIps: [] },
      'a malformed address': { allowedIps: ['10.0.0.0.0'] },
      'an address with host bits': { allowedIps: ['10.0.0.1/8'] },
      'null as the expiry': { expiresAt: null },
      'no day as the expiry': { expiresAt: '2027-02-30' },
      'a number as the expiry': { expiresAt: 1_900_000_000 },
      'the end of the last four-digit year': { expiresAt: '9999-12-31' },
    })) {
      it(`is refused with ${what}`, async () => {
        const request = () => org.manager.patch(path(id), change);
        const { body } = await expectRefusal(service, request, 400, 'invalid_request');
        const field = typeof change === 'object' ? (Object.keys(change)[0] ?? '') : '';
        expect(JSON.stringify(body.errors)).toContain(field);
      });
    }

    it('is refused as a whole when one part of it is', async () => {
      const request = () => org.manager.patch(path(id), { name: 'renamed', scope: 'admin' });
      await expectRefusal(service, request, 422, 'not_narrower');
      expect((await org.manager.get(path(id))).body.name).not.toBe('renamed');
    });
  });

  describe('who may', () => {
    it('are managers and operators, for every key', async () => {
      const { id } = await createKey(org.member, org);
      for (const [name, by] of Object.entries({ one: org.manager, two: service.operator })) {
        const { status, body } = await by.patch(path(id), { name });
        expect({ status, name: body.name }).toEqual({ status: 200, name });
      }
    });

    it('are members, for keys of their own, also those that managers made for them', async () => {
      const own = await createKey(org.member, org);
      const given = await createKey(org.manager, org, { ownerId: org.member.userId });
      for (const { id } of [own, given]) {
        expect((await org.member.patch(path(id), { name: 'mine' })).status).toBe(200);
      }
    });

    it('is nobody else: all responses are the same 404', async () => {
      const mine = await createKey(org.manager, org);
      const foreign = await createKey(other.manager, other);
      const responses = new Set<string>();
      for (const request of [
        () => org.member.patch(path(mine.id), { name: 'x' }),
        () => org.manager.patch(path(foreign.id), { name: 'x' }),
        () => org.manager.patch(other.path(`/keys/${foreign.id}`), { name: 'x' }),
        () => service.operator.patch(path(foreign.id), { name: 'x' }),
        () => org.manager.patch(path('key_x'), { name: 'x' }),
        () => org.manager.patch(path(`key_${'0'.repeat(26)}`), { name: 'x' }),
      ]) {
        responses.add((await expectRefusal(service, request, 404, 'not_found')).text);
      }
      expect(responses.size).toBe(1);
    });

    it('needs a valid key', async () => {
      const { id } = await createKey(org.manager, org);
      const request = () => service.nobody.patch(path(id), { name: 'x' });
      await expectRefusal(service, request, 401, 'unauthenticated');
    });

    it('needs keys:write, and the refusal names it', async () => {
      const { id, secret } = await createKey(org.manager, org, { scope: 'read' });
      const request = () => service.as(secret).patch(path(id), { name: 'x' });
      const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
      expect(body).toMatchObject({
        permission: 'keys:write',
        detail: expect.stringContaining('rename, restrict and revoke keys'),
      });
    });

    it('are only managers where the policy says so, and members learn whom to ask', async () => {
      const strict = await createOrganisation(service);
      const { id } = await createKey(strict.member, strict);
      await strict.manager.patch(strict.path('/policy'), { memberKeys: 'none' });
      const request = () => strict.member.patch(strict.path(`/keys/${id}`), { name: 'x' });
      const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
      expect(body).toMatchObject({ managers: ['A manager'] });
      const { status } = await strict.manager.patch(strict.path(`/keys/${id}`), { name: 'x' });
      expect(status).toBe(200);
    });
  });
});
