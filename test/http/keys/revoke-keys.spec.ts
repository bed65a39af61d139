import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf, expectRefusal, expire, verify } from '../../support/keys.js';
import { insertManyKeys } from '../../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

describe('POST /v1/orgs/{orgId}/keys/revoke', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const path = () => org.path('/keys/revoke');
  const missing = `key_${'0'.repeat(26)}`;

  it('revokes all of them, says so of each, and adds a row to the audit log for each', async () => {
    const keys = [
      await createKey(org.manager, org),
      await createKey(org.manager, org, { ownerId: org.member.userId }),
      await createKey(org.manager, org),
    ];
    const gone = await createKey(org.manager, org);
    await org.manager.delete(org.path(`/keys/${gone.id}`));
    const foreign = await createKey(other.manager, other);
    const keyIds = [...keys.map(({ id }) => id), gone.id, missing, foreign.id];
    const { status, body } = await org.manager.post(path(), { keyIds, reason: 'moved' });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      ...keys.map(({ id }) => ({ keyId: id, result: 'revoked' })),
      { keyId: gone.id, result: 'already_revoked' },
      { keyId: missing, result: 'not_found' },
      { keyId: foreign.id, result: 'not_found' },
    ]);
    for (const { id, secret } of keys) {
      expect(await verify(service, secret)).toMatchObject({ valid: false });
      expect((await org.manager.get(org.path(`/keys/${id}`))).body).toMatchObject({
        state: 'revoked',
        revokeReason: 'moved',
        revokedBy: { userId: org.manager.userId, keyId: org.manager.keyId },
      });
      const [event, ...earlier] = await auditOf(org, id);
      expect(event).toMatchObject({
        action: 'key.revoked',
        after: { state: 'revoked', reason: 'moved' },
      });
      expect(earlier.map(({ action }) => action as string)).toEqual(['key.created']);
    }
    expect(await verify(service, foreign.secret)).toMatchObject({ valid: true });
  });

  it('changes nothing when it is repeated', async () => {
    const { id } = await createKey(org.manager, org);
    const first = await org.manager.post(path(), { keyIds: [id], reason: 'first' });
    const again = await org.manager.post(path(), { keyIds: [id], reason: 'second' });
    expect(again.body.results).toEqual([{ keyId: id, result: 'already_revoked' }]);
    expect(again.body.authSeq).toBeGreaterThan(first.body.authSeq as number);
    const { body } = await org.manager.get(org.path(`/keys/${id}`));
    expect(body.revokeReason).toBe('first');
    expect(await auditOf(org, id)).toHaveLength(2);
  });

  it('revokes expired keys, too', async () => {
    const { id } = await createKey(org.manager, org);
    await expire(service, id);
    const { body } = await org.manager.post(path(), { keyIds: [id] });
    expect(body.results).toEqual([{ keyId: id, result: 'revoked' }]);
    const { body: key } = await org.manager.get(org.path(`/keys/${id}`));
    expect(key).toMatchObject({ state: 'revoked', revokeReason: null });
  });

  it('revokes of members only what is theirs', async () => {
    const own = await createKey(org.member, org);
    const foreign = await createKey(org.manager, org);
    const { status, body } = await org.member.post(path(), { keyIds: [foreign.id, own.id] });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { keyId: foreign.id, result: 'not_found' },
      { keyId: own.id, result: 'revoked' },
    ]);
    expect(await verify(service, foreign.secret)).toMatchObject({ valid: true });
  });

  it('revokes the key of the caller last, so that the others are revoked as well', async () => {
    const { id, secret } = await createKey(org.manager, org, { scope: 'admin' });
    const made = { orgId: org.id, ownerId: org.manager.userId, count: 120 };
    const many = await insertManyKeys(service.db, made);
    const keyIds = [id, ...many];
    const { status, body } = await service.as(secret).post(path(), { keyIds });
    expect(status).toBe(200);
    expect(body.results).toEqual(keyIds.map((keyId) => ({ keyId, result: 'revoked' })));
    expect(await verify(service, secret)).toMatchObject({ valid: false });
  });

  it('takes several transactions for many keys, of at most 50 each', async () => {
    const made = { orgId: org.id, ownerId: org.member.userId, count: 500 };
    const keyIds = await insertManyKeys(service.db, made);
    const { status, body } = await org.manager.post(path(), { keyIds });
    expect(status).toBe(200);
    expect(body.results).toEqual(keyIds.map((keyId) => ({ keyId, result: 'revoked' })));
    const { rows } = await service.db.query<{ keys: number }>(
      `SELECT count(*)::int AS keys FROM auth_log WHERE kind = 'key' AND reference = ANY($1)
       GROUP BY n ORDER BY n`,
      [keyIds],
    );
    expect(rows.map(({ keys }) => keys)).toEqual(Array(10).fill(50));
    const { rows: events } = await service.db.query<{ count: number }>(
      `SELECT count(DISTINCT target_id)::int AS count FROM audit_events
       WHERE action = 'key.revoked' AND target_id = ANY($1)`,
      [keyIds],
    );
    expect(events).toEqual([{ count: 500 }]);
  });

  it('says how far it came when it cannot continue, and the same call does the rest', async () => {
    const made = { orgId: org.id, ownerId: org.manager.userId, count: 120 };
    const keyIds = await insertManyKeys(service.db, made);
    const other = await service.db.connect();
    await other.query('BEGIN');
    // The third part waits for this one until its time is over.
    await other.query('SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [keyIds.at(-1)]);
    const refused = await org.manager.post(path(), { keyIds });
    await other.query('ROLLBACK');
    other.release();
    expect(refused).toMatchObject({ status: 503, body: { code: 'busy' } });
    expect(refused.body.detail).toContain('The first 100 of 120 keys are done.');
    const { body } = await org.manager.post(path(), { keyIds });
    expect((body.results as { result: string }[]).map(({ result }) => result)).toEqual([
      ...Array<string>(100).fill('already_revoked'),
      ...Array<string>(20).fill('revoked'),
    ]);
  });

  it('counts the live keys that those keys had created, except those among them', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const by = service.as(maker.secret);
    const made = await Promise.all([0, 1, 2].map(() => createKey(by, org)));
    const keyIds = [made[0]?.id ?? '', maker.id];
    const { body } = await org.manager.post(path(), { keyIds });
    expect(body.createdKeys).toBe(2);
    const { body: again } = await org.member.post(path(), { keyIds });
    expect(again).toMatchObject({
      createdKeys: 0,
      results: keyIds.map((keyId) => ({ keyId, result: 'not_found' })),
    });
  });

  for (const [what, body] of Object.entries({
    'no list': { reason: 'x' },
    'an empty list': { keyIds: [] },
    'one id': { keyIds: missing },
    'a malformed id': { keyIds: ['key_x'] },
    'an id of something else': { keyIds: [`usr_${'0'.repeat(26)}`] },
    'an id twice': { keyIds: [missing, missing] },
    '501 ids': {
      keyIds: Array.from({ length: 501 }, (_, index) => `key_${String(index).padStart(26, '0')}`),
    },
    'a long reason': { keyIds: [missing], reason: 'a'.repeat(201) },
    'an unknown field': { keyIds: [missing], all: true },
  })) {
    it(`is refused with ${what}`, async () => {
      await expectRefusal(service, () => org.manager.post(path(), body), 400, 'invalid_request');
    });
  }

  it('is refused without a valid key, without keys:write and in other organisations', async () => {
    const body = { keyIds: [org.member.keyId] };
    await expectRefusal(service, () => service.nobody.post(path(), body), 401, 'unauthenticated');
    const { secret } = await createKey(org.manager, org, { permissions: ['keys:read'] });
    const narrowed = () => service.as(secret).post(path(), body);
    const refused = await expectRefusal(service, narrowed, 403, 'insufficient_permission');
    expect(refused.body).toMatchObject({ permission: 'keys:write' });
    await expectRefusal(service, () => other.manager.post(path(), body), 404, 'not_found');
  });
});
