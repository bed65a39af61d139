import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

describe('what the product documents say of access and of troubles', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const whoami = (secret: string) => service.as(secret).get('/v1/whoami');

  describe('manager-only access', () => {
    let strict: Organisation;

    beforeAll(async () => {
      strict = await createOrganisation(service);
      await strict.manager.patch(strict.path('/policy'), { memberKeys: 'none' });
    });

    it('an organisation can keep its keys to managers: members create and change none', async () => {
      const { keyId } = strict.member;
      for (const { status } of [
        await strict.member.post(strict.path('/keys'), { name: 'x', scope: 'read' }),
        await strict.member.patch(strict.path(`/keys/${keyId}`), { name: 'x' }),
      ]) {
        expect(status).toBe(403);
      }
      const byManager = await strict.manager.post(strict.path('/keys'), {
        name: 'x',
        scope: 'read',
      });
      expect(byManager.status).toBe(201);
    });

    it('a member who is refused learns which managers to ask', async () => {
      const { body } = await strict.member.post(strict.path('/keys'), { name: 'x', scope: 'read' });
      expect(body).toMatchObject({ code: 'insufficient_permission', managers: ['A manager'] });
      expect(body.detail).toMatch(/Ask a manager of .*: A manager\./);
    });

    it('a member gets access when a manager makes them one', async () => {
      const { userId } = strict.member;
      const role = { role: 'manager', grants: null };
      expect((await strict.manager.put(strict.path(`/members/${userId}`), role)).status).toBe(200);
      // A key that was restricted to what a member held does not grow with them.
      const given = await createKey(strict.manager, strict, { scope: 'admin', ownerId: userId });
      const own = await service
        .as(given.secret)
        .post(strict.path('/keys'), { name: 'x', scope: 'read' });
      expect(own.status).toBe(201);
    });

    it('members never see the keys of others, whatever the policy', async () => {
      const { id } = await createKey(org.manager, org);
      expect((await org.member.get(org.path(`/keys/${id}`))).status).toBe(404);
      const { body } = await org.member.get(org.path('/keys?limit=100'));
      const owners = (body.items as { ownerId: string }[]).map(({ ownerId }) => ownerId);
      expect(new Set(owners)).toEqual(new Set([org.member.userId]));
    });

    it('keys are reached under their own organisation only', async () => {
      const { id } = await createKey(org.manager, org);
      expect((await org.manager.get(org.path(`/keys/${id}`))).status).toBe(200);
      expect((await org.manager.get(strict.path(`/keys/${id}`))).status).toBe(404);
      expect((await strict.manager.get(strict.path(`/keys/${id}`))).status).toBe(404);
    });
  });

  describe('checking that a key works', () => {
    it('a light request shows a system whether it can authenticate, and changes nothing', async () => {
      const { id, secret, body: key } = await createKey(org.member, org, { name: 'importer' });
      const head = async () =>
        (await service.db.query<{ n: string }>('SELECT n FROM auth_head')).rows;
      const before = await head();
      const { status, body } = await whoami(secret);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        keyId: id,
        keyName: 'importer',
        orgId: org.id,
        ownerId: org.member.userId,
        scope: 'read',
        permissions: expect.arrayContaining(['telemetry:read']),
        expiresAt: key.expiresAt,
      });
      expect(await head()).toEqual(before);
    });

    it('after a revocation the old key fails and the new one passes the same check', async () => {
      const old = await createKey(org.manager, org);
      await org.manager.delete(org.path(`/keys/${old.id}`));
      const { status, body } = await whoami(old.secret);
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
      const fresh = await createKey(org.manager, org);
      expect((await whoami(fresh.secret)).status).toBe(200);
    });
  });

  describe('lost keys', () => {
    it('a lost value cannot be had again, by nobody: not even an operator', async () => {
      const { id, secret } = await createKey(org.member, org);
      for (const caller of [org.member, org.manager, service.operator]) {
        for (const path of [`/keys/${id}`, '/keys?limit=100']) {
          const { status, text } = await caller.get(org.path(path));
          expect(status).toBe(200);
          expect(text).not.toContain(secret.slice(7, -4));
        }
        const again = await caller.post(org.path(`/keys/${id}/secret`), {});
        expect(again.status).toBe(404);
      }
      const { rows } = await service.db.query<{ row: string }>(
        'SELECT s::text AS row FROM key_secrets s WHERE key_id = $1',
        [id],
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]?.row).not.toContain(secret.slice(7, -4));
    });

    it('a lost key is replaced by a new one and revoked: the loser does not need its value', async () => {
      const lost = await createKey(org.manager, org, { name: 'lost' });
      const fresh = await createKey(org.manager, org, { name: 'found' });
      expect((await whoami(fresh.secret)).status).toBe(200);
      const { body } = await org.manager.get(org.path('/keys?search=lost'));
      expect(body.items).toMatchObject([{ id: lost.id }]);
      await org.manager.delete(org.path(`/keys/${body.items[0].id}?reason=lost`));
      expect(await verify(service, lost.secret)).toMatchObject({ valid: false });
    });
  });

  describe('clients that fail', () => {
    it('a client that still sends a revoked key fails until it is given a new one', async () => {
      const old = await createKey(org.manager, org);
      await org.manager.delete(org.path(`/keys/${old.id}`));
      let configured = old.secret;
      const client = async () => (await whoami(configured)).status;
      expect([await client(), await client()]).toEqual([401, 401]);
      configured = (await createKey(org.manager, org)).secret;
      expect(await client()).toBe(200);
    });

    it('which key a client uses is found by the mask, also after it was revoked', async () => {
      const { id, secret } = await createKey(org.manager, org);
      await org.manager.delete(org.path(`/keys/${id}`));
      const { body } = await org.manager.get(org.path('/keys?state=revoked&limit=100'));
      const found = (body.items as { id: string; masked: string }[]).filter(({ masked }) => {
        const [start = '?', end = '?'] = masked.split('…');
        return secret.startsWith(start) && secret.endsWith(end);
      });
      expect(found.map((key) => key.id)).toEqual([id]);
    });

    it('which key a client uses is shown by the key itself while it works', async () => {
      const { id, secret } = await createKey(org.manager, org, { name: 'nightly export' });
      expect((await whoami(secret)).body).toMatchObject({ keyId: id, keyName: 'nightly export' });
    });
  });
});
