import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf, expectRefusal, unnarrow, verify } from '../../support/keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('POST /v1/orgs/{orgId}/keys', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    await unnarrow(service, org.manager);
    await unnarrow(service, org.member);
  });
  afterAll(() => service.stop());

  const body = { name: 'a key', scope: 'read' };

  it('shows the secret once, in the response that creates the key', async () => {
    const created = await org.manager.post(org.path('/keys'), {
      name: 'Claude Desktop — Work Laptop',
      scope: 'read',
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(created.body).toEqual({
      key: {
        id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
        orgId: org.id,
        ownerId: org.manager.userId,
        ownerName: 'A manager',
        name: 'Claude Desktop — Work Laptop',
        description: null,
        management: true,
        tags: [],
        scope: 'read',
        permissions: null,
        allowedIps: null,
        masked: expect.stringMatching(/^kf_[0-9A-Za-z]{4}…[0-9A-Za-z]{4}$/),
        state: 'active',
        createdAt: expect.any(String),
        createdBy: { userId: org.manager.userId, keyId: org.manager.keyId },
        expiresAt: expect.any(String),
        lastUsedAt: null,
        lastUsedIp: null,
        lastUsedUserAgent: null,
        uses: 0,
        revokedAt: null,
        revokedBy: null,
        revokeReason: null,
      },
      secret: expect.stringMatching(/^kf_[0-9A-Za-z]{42}$/),
      authSeq: expect.any(Number),
    });
  });

  it('masks the secret with its own first and last four characters', async () => {
    const { secret, body: key } = await createKey(org.manager, org);
    expect(key.masked).toBe(`kf_${secret.slice(3, 7)}…${secret.slice(-4)}`);
  });

  it('makes a key that works as soon as the response is there', async () => {
    const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
    const decision = await verify(service, secret, { permission: 'telemetry:write' });
    expect(decision).toMatchObject({ valid: true, code: 'VALID', keyId: id });
    expect((await service.as(secret).get('/v1/whoami')).body).toMatchObject({ keyId: id });
  });

  it('has the number of the state that the key is part of, and later keys have a greater one', async () => {
    const first = await org.manager.post(org.path('/keys'), body);
    const decision = await verify(service, first.body.secret as string);
    const second = await org.manager.post(org.path('/keys'), body);
    expect(decision.authSeq).toBe(first.body.authSeq);
    expect(second.body.authSeq).toBe((first.body.authSeq as number) + 1);
  });

  it('gives each key a secret and an id of its own, also under a name that is taken', async () => {
    const keys = [await createKey(org.manager, org, body), await createKey(org.manager, org, body)];
    expect(new Set(keys.map(({ id }) => id)).size).toBe(2);
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(2);
  });

  it('keeps a name in any script, without the white space around it', async () => {
    const { body: key } = await createKey(org.manager, org, { name: '  Größe 東京 🔑\u00a0 ' });
    expect(key.name).toBe('Größe 東京 🔑');
    const longest = '🔑'.repeat(100);
    expect((await createKey(org.manager, org, { name: longest })).body.name).toBe(longest);
  });

  it('writes exactly one audit row: who, from where, and the limits of the key', async () => {
    const { id, body: key } = await createKey(org.manager, org, {
      name: 'recorded',
      scope: 'read-write',
      permissions: ['telemetry:write'],
      allowedIps: ['10.0.0.0/8'],
      expiresInDays: 7,
    });
    expect(await auditOf(org, id)).toEqual([
      expect.objectContaining({
        action: 'key.created',
        targetId: id,
        actor: {
          kind: 'key',
          orgId: org.id,
          userId: org.manager.userId,
          keyId: org.manager.keyId,
        },
        before: null,
        after: {
          name: 'recorded',
          ownerId: org.manager.userId,
          scope: 'read-write',
          permissions: ['telemetry:write'],
          management: true,
          allowedIps: ['10.0.0.0/8'],
          expiresAt: key.expiresAt,
        },
        ip: '127.0.0.1',
      }),
    ]);
  });

  describe('the owner', () => {
    it('is the caller when none is named', async () => {
      const { body: key } = await createKey(org.member, org);
      expect(key).toMatchObject({ ownerId: org.member.userId, permissions: null });
    });

    it('may be named by themselves, and the key still inherits all that they hold', async () => {
      const { body: key } = await createKey(org.member, org, { ownerId: org.member.userId });
      expect(key).toMatchObject({ ownerId: org.member.userId, permissions: null });
    });

    it('is any member when a manager creates the key, who is recorded as its creator', async () => {
      const { secret, body: key } = await createKey(org.manager, org, {
        ownerId: org.member.userId,
      });
      expect(key).toMatchObject({
        ownerId: org.member.userId,
        ownerName: 'A member',
        createdBy: { userId: org.manager.userId, keyId: org.manager.keyId },
      });
      expect(await verify(service, secret)).toMatchObject({ ownerId: org.member.userId });
    });

    it('is any member when an operator creates the key, in every organisation', async () => {
      const { body: key } = await createKey({ ...org.manager, ...service.operator }, other, {
        ownerId: other.member.userId,
      });
      expect(key).toMatchObject({ orgId: other.id, ownerId: other.member.userId });
    });

    it('is a member of this organisation: nobody else, whether they exist or not', async () => {
      const details = new Set<string>();
      for (const ownerId of [
        other.member.userId,
        `usr_${'0'.repeat(26)}`,
        (await service.operator.get('/v1/whoami')).body.ownerId as string,
      ]) {
        const request = () => org.manager.post(org.path('/keys'), { ...body, ownerId });
        const response = await expectRefusal(service, request, 400, 'invalid_request');
        details.add(response.text);
      }
      expect([...details]).toEqual([expect.stringContaining('ownerId must be a member')]);
    });

    it('must be named by an operator, who is no member themselves', async () => {
      const request = () => service.operator.post(org.path('/keys'), body);
      const response = await expectRefusal(service, request, 400, 'invalid_request');
      expect(response.body.detail).toContain('ownerId must be a member');
    });

    it('is never somebody else when a member creates the key', async () => {
      for (const ownerId of [org.manager.userId, `usr_${'0'.repeat(26)}`]) {
        const request = () => org.member.post(org.path('/keys'), { ...body, ownerId });
        const response = await expectRefusal(service, request, 403, 'insufficient_permission');
        expect(response.body).toMatchObject({ permission: 'keys:admin' });
        expect(response.body.detail).toContain('Only managers create keys for others');
      }
    });

    it('is active', async () => {
      const person = await addPerson(service, org.id, 'member');
      await service.operator.post(`/v1/users/${person.userId}/deactivate`);
      const request = () =>
        org.manager.post(org.path('/keys'), { ...body, ownerId: person.userId });
      await expectRefusal(service, request, 409, 'owner_inactive');
    });
  });

  it('is refused while the organisation is suspended, also to operators', async () => {
    const halted = await createOrganisation(service);
    await service.operator.post(halted.path('/suspend'));
    const ownerId = halted.member.userId;
    const byOperator = () => service.operator.post(halted.path('/keys'), { ...body, ownerId });
    await expectRefusal(service, byOperator, 409, 'org_suspended');
    const byManager = () => halted.manager.post(halted.path('/keys'), body);
    await expectRefusal(service, byManager, 401, 'unauthenticated');
  });

  describe('who may not', () => {
    it('is refused without a valid key', async () => {
      const { id, secret } = await createKey(org.manager, org, { scope: 'admin' });
      await org.manager.delete(org.path(`/keys/${id}`));
      const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
      for (const caller of [service.nobody, service.as(secret), service.as(wrong)]) {
        const request = () => caller.post(org.path('/keys'), body);
        const response = await expectRefusal(service, request, 401, 'unauthenticated');
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="keyfence"');
      }
    });

    it('is refused to keys below the scope admin, naming the permission', async () => {
      for (const scope of ['read', 'read-write']) {
        const { secret } = await createKey(org.manager, org, { scope });
        const request = () => service.as(secret).post(org.path('/keys'), body);
        const response = await expectRefusal(service, request, 403, 'insufficient_permission');
        expect(response.body).toMatchObject({ permission: 'keys:admin' });
        expect(response.body.detail).toContain('keys:admin (create keys)');
      }
    });

    it('is refused to members where the policy lets only managers have keys, with their names', async () => {
      const strict = await createOrganisation(service);
      await strict.manager.patch(strict.path('/policy'), { memberKeys: 'none' });
      const request = () => strict.member.post(strict.path('/keys'), body);
      const response = await expectRefusal(service, request, 403, 'insufficient_permission');
      expect(response.body).toMatchObject({ permission: 'keys:admin', managers: ['A manager'] });
      expect(response.body.detail).toContain('Ask a manager');
      expect((await strict.manager.post(strict.path('/keys'), body)).status).toBe(201);
    });

    it('responds with 404 for another organisation, a missing one and a malformed id, all alike', async () => {
      const responses = new Set<string>();
      for (const id of [other.id, `org_${'0'.repeat(26)}`, 'org_x', 'a%00b', 'keys']) {
        const request = () => org.manager.post(`/v1/orgs/${id}/keys`, body);
        responses.add((await expectRefusal(service, request, 404, 'not_found')).text);
      }
      expect(responses.size).toBe(1);
    });

    it('responds with 404 to operators for an organisation that does not exist', async () => {
      const request = () => service.operator.post(`/v1/orgs/org_${'0'.repeat(26)}/keys`, body);
      await expectRefusal(service, request, 404, 'not_found');
    });
  });
});
