import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf, expectRefusal, expire, verify } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('DELETE /v1/orgs/{orgId}/keys/{keyId}', () => {
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

  it('responds with the revoked key: who, when, why', async () => {
    const { id, body: key } = await createKey(org.member, org);
    const { status, body } = await org.manager.delete(path(`${id}?reason=%20lost%20laptop%20`));
    expect(status).toBe(200);
    expect(body).toEqual({
      ...key,
      state: 'revoked',
      revokedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      revokedBy: { userId: org.manager.userId, keyId: org.manager.keyId },
      revokeReason: 'lost laptop',
      createdKeys: { total: 0, items: [] },
      authSeq: expect.any(Number),
    });
    const { createdKeys, authSeq, ...stored } = body;
    expect({ createdKeys, authSeq }).toEqual({
      createdKeys: { total: 0, items: [] },
      authSeq: expect.any(Number),
    });
    expect((await org.manager.get(path(id))).body).toEqual(stored);
  });

  it('takes the reason from the body as well, where no proxy logs it', async () => {
    const revoke = async (query: string, body: unknown) => {
      const { id } = await createKey(org.manager, org);
      return await org.manager.call('DELETE', path(`${id}${query}`), body);
    };
    const reasonOf = async (query: string, body: unknown) =>
      (await revoke(query, body)).body.revokeReason as string | null;
    expect(await reasonOf('', { reason: ' lost laptop ' })).toBe('lost laptop');
    expect(await reasonOf('?reason=query', { reason: 'body' })).toBe('body');
    expect(await reasonOf('?reason=query', {})).toBe('query');
    expect(await reasonOf('', {})).toBeNull();
    const { id } = await createKey(org.manager, org);
    const bad = ['null', '[]', { reason: '' }, { reason: null }, { reason: 'a'.repeat(201) }];
    for (const body of [...bad, { why: 'x' }, { reason: org.member.key }]) {
      const send = () => org.manager.call('DELETE', path(id), body);
      await expectRefusal(service, send, 400, 'invalid_request');
    }
    expect((await org.manager.get(path(id))).body.state).toBe('active');
  });

  it('needs no reason', async () => {
    const { id } = await createKey(org.manager, org);
    expect((await org.manager.delete(path(id))).body).toMatchObject({ revokeReason: null });
  });

  it('stops the key at once, in both headers, at verify, whoami and forward-auth', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'admin' });
    const callers = [
      () => service.as(secret).get('/v1/whoami'),
      () => service.nobody.get('/v1/whoami', { 'x-api-key': secret }),
      () => service.as(secret).get('/v1/forward-auth/any'),
      () => service.as(secret).get(path(id)),
    ];
    for (const call of callers) expect((await call()).status).toBeLessThan(300);
    const { body } = await org.manager.delete(path(id));
    expect(await verify(service, secret)).toEqual({
      valid: false,
      code: 'INVALID',
      authSeq: body.authSeq,
    });
    for (const call of callers) expect((await call()).status).toBe(401);
  });

  it('responds to requests with a revoked key as to those with a key that never was', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await org.manager.delete(path(id));
    const revoked = await service.as(secret).get('/v1/whoami');
    const unknown = await service.as('kf_unknown').get('/v1/whoami');
    expect(revoked.text).toBe(unknown.text);
  });

  it('leaves the other keys of the owner alone', async () => {
    const [one, two] = [await createKey(org.member, org), await createKey(org.member, org)];
    await org.manager.delete(path(one.id));
    expect(await verify(service, two.secret)).toMatchObject({ valid: true });
  });

  it('writes exactly one audit row, with the reason', async () => {
    const { id } = await createKey(org.manager, org);
    await org.manager.delete(path(`${id}?reason=leaked`));
    const events = await auditOf(org, id);
    expect(events.map(({ action }) => action as string)).toEqual(['key.revoked', 'key.created']);
    expect(events[0]).toMatchObject({
      targetId: id,
      actor: { userId: org.manager.userId, keyId: org.manager.keyId },
      after: { state: 'revoked', reason: 'leaked' },
    });
  });

  it('succeeds a second time, and changes nothing of the first: time, reason, audit row', async () => {
    const { id, secret } = await createKey(org.manager, org);
    const first = await org.manager.delete(path(`${id}?reason=first`));
    const second = await service.operator.delete(path(`${id}?reason=second`));
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...first.body, authSeq: expect.any(Number) });
    expect(second.body.authSeq).toBeGreaterThanOrEqual(first.body.authSeq as number);
    expect(await auditOf(org, id)).toHaveLength(2);
    expect(await verify(service, secret)).toMatchObject({ valid: false });
  });

  it('has one effect and one audit row when ten come at once', async () => {
    const { id } = await createKey(org.manager, org);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => org.manager.delete(path(`${id}?reason=${index}`))),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(responses.map(({ body }) => body.revokeReason as string)).size).toBe(1);
    expect(await auditOf(org, id)).toHaveLength(2);
  });

  it('cannot be undone by anything that the interface offers', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await org.manager.delete(path(id));
    const rename = () => org.manager.patch(path(id), { name: 'back' });
    await expectRefusal(service, rename, 409, 'key_not_active');
    const widen = () => org.manager.patch(path(id), { state: 'active' });
    await expectRefusal(service, widen, 400, 'invalid_request');
    expect((await org.manager.put(path(id), {})).status).toBeGreaterThanOrEqual(400);
    expect((await org.manager.post(path(id), {})).status).toBeGreaterThanOrEqual(400);
    expect(await verify(service, secret)).toMatchObject({ valid: false });
  });

  it('revokes expired keys, too', async () => {
    const { id } = await createKey(org.manager, org);
    await expire(service, id);
    expect((await org.manager.delete(path(id))).body).toMatchObject({ state: 'revoked' });
    expect((await auditOf(org, id))[0]).toMatchObject({ action: 'key.revoked' });
  });

  it('lets a key revoke itself, once', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'read-write' });
    const { status, body } = await service.as(secret).delete(path(id));
    expect(status).toBe(200);
    expect(body.revokedBy).toEqual({ userId: org.manager.userId, keyId: id });
    const again = () => service.as(secret).delete(path(id));
    await expectRefusal(service, again, 401, 'unauthenticated');
  });

  describe('the reason', () => {
    let id: string;

    beforeAll(async () => {
      ({ id } = await createKey(org.manager, org));
    });

    for (const [what, query] of Object.entries({
      'an empty text': 'reason=',
      'white space': 'reason=%20%09',
      '201 characters': `reason=${'a'.repeat(201)}`,
      'a NUL character': 'reason=a%00b',
      'a line break': 'reason=a%0Ab',
      'two texts': 'reason=a&reason=b',
      'another field': 'why=leaked',
    })) {
      it(`is refused as ${what}, and the key stays valid`, async () => {
        const request = () => org.manager.delete(path(`${id}?${query}`));
        await expectRefusal(service, request, 400, 'invalid_request');
        expect((await org.manager.get(path(id))).body).toMatchObject({ state: 'active' });
      });
    }

    it('is refused when it holds a key, and the response does not repeat it', async () => {
      const { secret } = await createKey(org.manager, org);
      const request = () => org.manager.delete(path(`${id}?reason=leaked%20${secret}`));
      await expectRefusal(service, request, 400, 'key_in_url');
    });

    it('may have 200 characters in any script', async () => {
      const reason = '鍵'.repeat(200);
      const query = new URLSearchParams({ reason }).toString();
      const { body } = await org.manager.delete(path(`${id}?${query}`));
      expect(body).toMatchObject({ revokeReason: reason });
    });
  });

  describe('who may', () => {
    it('are members for their own keys, also where they may not create any', async () => {
      const strict = await createOrganisation(service);
      const { id, secret } = await createKey(strict.member, strict);
      await strict.manager.patch(strict.path('/policy'), { memberKeys: 'none' });
      const { status } = await strict.member.delete(strict.path(`/keys/${id}`));
      expect(status).toBe(200);
      expect(await verify(service, secret)).toMatchObject({ valid: false });
    });

    it('is an operator in every organisation', async () => {
      const { id } = await createKey(other.member, other);
      const { body } = await service.operator.delete(other.path(`/keys/${id}`));
      expect(body).toMatchObject({ state: 'revoked' });
    });

    it('is nobody else: all responses are the same 404, and the keys stay valid', async () => {
      const mine = await createKey(org.manager, org);
      const foreign = await createKey(other.manager, other);
      const responses = new Set<string>();
      for (const request of [
        () => org.member.delete(path(mine.id)),
        () => org.manager.delete(path(foreign.id)),
        () => org.manager.delete(other.path(`/keys/${foreign.id}`)),
        () => service.operator.delete(path(foreign.id)),
        () => org.manager.delete(path('key_x')),
        () => org.manager.delete(path(`key_${'0'.repeat(26)}`)),
      ]) {
        responses.add((await expectRefusal(service, request, 404, 'not_found')).text);
      }
      expect(responses.size).toBe(1);
      for (const { secret } of [mine, foreign]) {
        expect(await verify(service, secret)).toMatchObject({ valid: true });
      }
    });

    it('needs a valid key', async () => {
      const { id } = await createKey(org.manager, org);
      const request = () => service.nobody.delete(path(id));
      await expectRefusal(service, request, 401, 'unauthenticated');
    });

    it('needs keys:write, and the refusal names it', async () => {
      const { id, secret } = await createKey(org.manager, org, { scope: 'read' });
      const request = () => service.as(secret).delete(path(id));
      const { body } = await expectRefusal(service, request, 403, 'insufficient_permission');
      expect(body).toMatchObject({ permission: 'keys:write' });
    });
  });
});
