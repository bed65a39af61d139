import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { auditOf, expire, unnarrow, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { untilUses } from '../../support/usage.js';
import { startService, type Service } from '../../support/service.js';
import { signIn } from '../../support/sessions.js';

describe('what the product documents say of managing keys', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await unnarrow(service, org.manager);
  });
  afterAll(() => service.stop());

  const whoami = async (secret: string) => (await service.as(secret).get('/v1/whoami')).status;
  const listed = async (query = ''): Promise<ApiResponse['body'][]> =>
    (await org.manager.get(org.path(`/keys?limit=100${query}`))).body
      .items as ApiResponse['body'][];
  const revoke = (id: string) => org.manager.delete(org.path(`/keys/${id}`));

  describe('viewing keys', () => {
    it('the list shows the name, level, creation, expiry and last use of each key', async () => {
      const { id, secret, body } = await createKey(org.manager, org, {
        name: 'shown',
        scope: 'read-write',
      });
      const key = (await listed()).find((one) => one.id === id);
      expect(key).toMatchObject({
        name: 'shown',
        scope: 'read-write',
        createdAt: body.createdAt,
        expiresAt: body.expiresAt,
        lastUsedAt: null,
      });
      const before = Date.now();
      await service.as(secret).get('/v1/whoami');
      await untilUses(service.db, id, 1);
      const used = (await listed()).find((one) => one.id === id)?.lastUsedAt as string;
      expect(Math.abs(Date.parse(used) - before)).toBeLessThan(60_000);
    });

    it('the list of active keys has every key that works, and none that does not', async () => {
      const works = await createKey(org.manager, org);
      const revoked = await createKey(org.manager, org);
      const expired = await createKey(org.manager, org);
      await revoke(revoked.id);
      await expire(service, expired.id);
      const ids = (await listed('&state=active')).map(({ id }) => id as string);
      expect(ids).toContain(works.id);
      expect(ids).not.toContain(revoked.id);
      expect(ids).not.toContain(expired.id);
    });

    it('a key that was just made appears in the list, masked', async () => {
      const { id, secret } = await createKey(org.manager, org, { name: 'CI runner' });
      const key = (await listed()).find((one) => one.id === id);
      expect(key).toMatchObject({ name: 'CI runner', masked: expect.stringContaining('…') });
      expect(JSON.stringify(key)).not.toContain(secret);
    });

    it('the mask distinguishes keys, and cannot be used as a key', async () => {
      const { id, secret, body } = await createKey(org.manager, org);
      const holders = (await listed()).filter(
        ({ masked }) => masked === `kf_${secret.slice(3, 7)}…${secret.slice(-4)}`,
      );
      expect(holders.map((key) => key.id as string)).toEqual([id]);
      const asKey = body.masked as string;
      expect(await verify(service, asKey)).toMatchObject({ valid: false, code: 'INVALID' });
    });
  });

  describe('revoking', () => {
    it('a revoked key stops working at that moment, for every process that uses it', async () => {
      const { id, secret } = await createKey(org.manager, org);
      const processes = [service.as(secret), service.as(secret), service.as(secret)];
      for (const one of processes) expect((await one.get('/v1/whoami')).status).toBe(200);
      expect((await revoke(id)).status).toBe(200);
      for (const one of processes) expect((await one.get('/v1/whoami')).status).toBe(401);
      expect(await verify(service, secret)).toMatchObject({ valid: false, code: 'INVALID' });
    });

    it('a revoked key cannot be enabled again, and its value not be had by a new key', async () => {
      const { id, secret, body } = await createKey(org.manager, org);
      await revoke(id);
      const change = await org.manager.patch(org.path(`/keys/${id}`), { name: 'again' });
      expect(change).toMatchObject({ status: 409, body: { code: 'key_not_active' } });
      const again = await createKey(org.manager, org, { name: body.name });
      expect(again.id).not.toBe(id);
      expect(again.secret).not.toBe(secret);
      expect(await whoami(secret)).toBe(401);
    });

    it('a revocation is in the audit log: who, when and which key', async () => {
      const { id } = await createKey(org.member, org);
      await revoke(id);
      const [event] = await auditOf(org, id);
      expect(event).toMatchObject({
        action: 'key.revoked',
        at: expect.stringMatching(/Z$/),
        actor: { userId: org.manager.userId },
        targetId: id,
      });
    });

    it('deleting a key is revoking it: the record stays, with the name and the mask', async () => {
      const { id, body } = await createKey(org.manager, org, { name: 'stored' });
      await revoke(id);
      const [key] = (await listed('&state=revoked')).filter((one) => one.id === id);
      expect(key).toMatchObject({ name: 'stored', masked: body.masked, state: 'revoked' });
    });

    it('one key of several is revoked without a change to the others', async () => {
      const laptop = await createKey(org.manager, org, { name: 'laptop' });
      const server = await createKey(org.manager, org, { name: 'server' });
      const before = await verify(service, server.secret);
      await revoke(laptop.id);
      const { authSeq, ...facts } = before;
      expect(await verify(service, server.secret)).toMatchObject(facts);
      expect(authSeq).toEqual(expect.any(Number));
      expect(await whoami(laptop.secret)).toBe(401);
    });
  });

  describe('rotating', () => {
    it('a key is replaced without a moment in which no key works: new, check, then revoke the old', async () => {
      const old = await createKey(org.manager, org, { name: 'service' });
      const fresh = await createKey(org.manager, org, { name: 'service' });
      expect([await whoami(old.secret), await whoami(fresh.secret)]).toEqual([200, 200]);
      await revoke(old.id);
      expect([await whoami(old.secret), await whoami(fresh.secret)]).toEqual([401, 200]);
    });

    it('the list shows when a key expires, soonest first, so that it is replaced before', async () => {
      const { id } = await createKey(org.manager, org, { expiresInDays: 1 });
      const [first] = await listed('&sort=expires&state=active');
      expect(first).toMatchObject({ id });
    });

    it('a key can be replaced at any time, long before it expires', async () => {
      const manager = await signIn(service, org.manager);
      const old = await createKey(manager, org, { expiresInDays: 365 });
      const fresh = await createKey(manager, org, { expiresInDays: 365 });
      await revoke(old.id);
      expect(await verify(service, fresh.secret)).toMatchObject({ valid: true });
      expect(await verify(service, old.secret)).toMatchObject({ valid: false });
    });

    it('a key is replaced when its system gets another owner: keys keep theirs permanently', async () => {
      const old = await createKey(org.member, org, { name: 'export' });
      const change = await org.manager.patch(org.path(`/keys/${old.id}`), {
        ownerId: org.manager.userId,
      });
      expect(change.status).toBe(400);
      const fresh = await createKey(org.manager, org, { name: 'export' });
      await revoke(old.id);
      expect(await verify(service, fresh.secret)).toMatchObject({ ownerId: org.manager.userId });
    });
  });
});
