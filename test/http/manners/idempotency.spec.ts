import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditCount, headOf, logSince } from '../../support/history.js';
import { expectRefusal } from '../../support/keys.js';
import { addPerson, createOrganisation, type Organisation } from '../../support/organisation.js';
import { keyFor } from '../../support/persons.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const unique = () => Math.random().toString(36).slice(2);
const withKey = (key: string) => ({ 'idempotency-key': key });

describe('Idempotency-Key', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const createKey = (
    key: string,
    input: object = {},
    who: Pick<Service['nobody'], 'post'> = org.manager,
  ) => who.post(org.path('/keys'), { name: 'k', scope: 'read', ...input }, withKey(key));

  const routes: Record<
    string,
    () => { path: string; body: object; by: Pick<Service['nobody'], 'post'> }
  > = {
    'POST /v1/orgs': () => ({
      path: '/v1/orgs',
      body: { name: 'New', slug: unique(), grants: ['b:read', 'a:read'] },
      by: service.operator,
    }),
    'POST /v1/users': () => ({
      path: '/v1/users',
      body: { name: 'New', email: `${unique()}@example.com` },
      by: service.operator,
    }),
    'POST /v1/orgs/{orgId}/members': () => ({
      path: org.path('/members'),
      body: { name: 'New', email: `${unique()}@example.com`, role: 'member' },
      by: org.manager,
    }),
    'POST /v1/orgs/{orgId}/service-accounts': () => ({
      path: org.path('/service-accounts'),
      body: { name: 'ci' },
      by: org.manager,
    }),
    'POST /v1/orgs/{orgId}/keys': () => ({
      path: org.path('/keys'),
      body: { name: 'New', scope: 'read' },
      by: org.member,
    }),
    'POST /v1/orgs/{orgId}/webhooks': () => ({
      path: org.path('/webhooks'),
      body: { url: 'https://hooks.example.com/' },
      by: org.manager,
    }),
  };

  for (const [route, call] of Object.entries(routes)) {
    it(`makes a second ${route} respond as the first did, without the secret, and do nothing`, async () => {
      const { path, body, by } = call();
      const key = `"${unique()}"`;
      const send = () => by.post(path, body, withKey(key));
      const first = await send();
      expect(first.status).toBe(201);
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      const [events, head] = [await auditCount(service.db), await headOf(service.db)];
      await org.manager.patch(org.path(), { name: unique() });
      const second = await send();
      expect(second.status).toBe(201);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(second.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      expect(second.text).toBe(first.text.replace(/"secret":"[^"]+",/, ''));
      expect(second.body.authSeq).toBe(head);
      // The change of the name, and a number for the response to wait for what it found.
      expect(await auditCount(service.db)).toBe(events + 1);
      expect(await headOf(service.db)).toBe(head + 2);
    });
  }

  it('leaves the secret of a key in the first response alone, and stores none', async () => {
    const first = await createKey('secret');
    expect(first.body.secret).toMatch(/^kf_/);
    const second = await createKey('secret');
    expect(Object.keys(second.body as object)).toEqual(['key', 'authSeq']);
    const { rows } = await service.db.query<{ body: object }>(
      `SELECT body FROM idempotency_keys WHERE key = 'secret'`,
    );
    expect(rows.map(({ body }) => Object.keys(body))).toEqual([['key']]);
  });

  it('adds nothing to the history that the creation alone would not', async () => {
    const since = await headOf(service.db);
    const { body } = await createKey('history');
    const id = body.key.id as string;
    expect(await logSince(service.db, since)).toEqual([
      { n: since + 1, kind: 'key', reference: id },
    ]);
    await createKey('history');
    expect(await logSince(service.db, since + 1)).toEqual([]);
  });

  it('belongs to one key: another one of the same person makes its own call with it', async () => {
    const second = service.as((await keyFor(service, org, org.manager.userId)).secret);
    const responses = [await createKey('mine'), await createKey('mine', {}, second)];
    expect(new Set(responses.map(({ body }) => body.key.id as string)).size).toBe(2);
    expect(responses.every(({ body }) => 'secret' in body)).toBe(true);
  });

  it('is the same call with the members of the body in another order', async () => {
    const expiry = { expiresInDays: 1, permissions: ['telemetry:read'] };
    const send = (body: object) => org.manager.post(org.path('/keys'), body, withKey('order'));
    const first = await send({ name: 'ordered', scope: 'read', ...expiry });
    const second = await send({ ...expiry, scope: 'read', name: 'ordered' });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.key.id).toBe(first.body.key.id);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is the same call as one that a node of the release before did', async () => {
    const body = { scope: 'read', name: 'older' };
    const send = () => org.manager.post(org.path('/keys'), body, withKey('before'));
    const first = await send();
    const call = ['POST', '/v1/orgs/:orgId/keys', { orgId: org.id }, body];
    const hash = createHash('sha256').update(JSON.stringify(call)).digest();
    const { rowCount } = await service.db.query(
      `UPDATE idempotency_keys SET fingerprint = $1 WHERE key = 'before' AND fingerprint <> $1`,
      [hash],
    );
    expect(rowCount).toBe(1);
    expect((await send()).body.key.id).toBe(first.body.key.id);
  });

  it('is refused with 422 for another body, another route and another organisation', async () => {
    await createKey('bound');
    const calls = [
      () => createKey('bound', { name: 'other' }),
      () => createKey('bound', { expiresInDays: 1 }),
      () => org.manager.post(org.path('/service-accounts'), { name: 'k' }, withKey('bound')),
    ];
    for (const call of calls) await expectProblemWithoutAudit(call);
    const send = (to: Organisation) =>
      service.operator.post(to.path('/service-accounts'), { name: 'ci' }, withKey('bound'));
    expect((await send(org)).status).toBe(201);
    await expectProblemWithoutAudit(() => send(other));
    expect((await createKey('bound')).status).toBe(201);
  });

  async function expectProblemWithoutAudit(call: () => ReturnType<typeof createKey>) {
    await expectRefusal(service, call, 422, 'idempotency_mismatch');
  }

  it('is forgotten with a call that was refused, which can be made again', async () => {
    const send = () => createKey('again');
    await service.operator.post(org.path('/suspend'));
    const byOperator = () =>
      service.operator.post(
        org.path('/keys'),
        { name: 'k', scope: 'read', ownerId: org.manager.userId },
        withKey('again'),
      );
    await expectRefusal(service, byOperator, 409, 'org_suspended');
    await expectRefusal(service, send, 401, 'unauthenticated');
    await service.operator.post(org.path('/resume'));
    for (const call of [byOperator, send]) {
      const { status, body, headers } = await call();
      expect({ status, replayed: headers.get('idempotency-replayed') }).toEqual({
        status: 201,
        replayed: null,
      });
      expect(body.secret).toMatch(/^kf_/);
    }
  });

  it('is forgotten with a call whose body was refused', async () => {
    await expectRefusal(service, () => createKey('typo', { scope: 'x' }), 400, 'invalid_request');
    expect((await createKey('typo')).body.secret).toMatch(/^kf_/);
  });

  it('means nothing to calls that create nothing', async () => {
    const rename = (name: string) =>
      org.manager.call('PATCH', org.path(), { name }, withKey('rename'));
    expect((await rename('one')).status).toBe(200);
    expect((await rename('two')).body).toMatchObject({ name: 'two' });
  });

  describe('in the hands of somebody who has lost rights since', () => {
    let key: { id: string; secret: string };
    const send = (idempotencyKey: string, ownerId?: string) =>
      createKey(idempotencyKey, { ownerId }, service.as(key.secret));

    it('is a 401 once the key is revoked', async () => {
      key = await keyFor(service, org, org.manager.userId);
      expect((await send('a')).status).toBe(201);
      await org.manager.delete(org.path(`/keys/${key.id}`));
      await expectRefusal(service, () => send('a'), 401, 'unauthenticated');
    });

    it('is a 403 once the key may not create keys any more', async () => {
      key = await keyFor(service, org, org.manager.userId);
      expect((await send('a')).status).toBe(201);
      await org.manager.patch(org.path(`/keys/${key.id}`), { scope: 'read-write' });
      const { body } = await expectRefusal(
        service,
        () => send('a'),
        403,
        'insufficient_permission',
      );
      expect(body.permission).toBe('keys:admin');
    });

    it("shows a manager's response to nobody who is a member now", async () => {
      const person = await addPerson(service, org.id, 'manager');
      key = { id: person.keyId, secret: person.key };
      expect((await send('a', org.member.userId)).status).toBe(201);
      const setRole = (role: string) =>
        org.manager.put(org.path(`/members/${person.userId}`), { role, grants: null });
      await setRole('member');
      const call = () => send('a', org.member.userId);
      const { body, text } = await expectRefusal(service, call, 403, 'insufficient_permission');
      expect(body.permission).toBe('keys:admin');
      expect(text).not.toContain(org.member.userId);
      expect((await send('b')).status).toBe(201);
      await setRole('manager');
      expect((await send('b')).status).toBe(201);
      expect((await call()).headers.get('idempotency-replayed')).toBe('true');
    });

    it('is a 404 once the organisation is none of the caller’s', async () => {
      const operators = (await service.operator.get('/v1/whoami')).body as Record<string, string>;
      const wide = await keyFor(service, { id: operators.orgId ?? '' }, operators.ownerId ?? '');
      key = wide;
      expect((await send('a', org.member.userId)).status).toBe(201);
      await service.operator.patch(`/v1/orgs/${operators.orgId ?? ''}/keys/${wide.id}`, {
        permissions: ['keys:admin'],
      });
      const call = () => send('a', org.member.userId);
      await expectRefusal(service, call, 404, 'not_found');
    });
  });

  describe('after 24 hours', () => {
    const age = (where: string, hours: number) =>
      service.db.query(
        `UPDATE idempotency_keys SET created_at = now() - $1 * interval '1 hour' WHERE ${where}`,
        [hours],
      );

    it('makes a new call, also with another body', async () => {
      const first = await createKey('old');
      await age(`key = 'old'`, 23.9);
      expect((await createKey('old')).body.key.id).toBe(first.body.key.id);
      await age(`key = 'old'`, 24.1);
      const second = await createKey('old', { name: 'other' });
      expect(second.body.key.id).not.toBe(first.body.key.id);
      expect(second.body.secret).toMatch(/^kf_/);
    });

    it('is removed by whatever call comes next, a hundred at a time', async () => {
      const old = async () => {
        const { rows } = await service.db.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM idempotency_keys WHERE principal_id = 'nobody'`,
        );
        return rows[0]?.n;
      };
      await service.db.query(
        `INSERT INTO idempotency_keys (principal_id, key, fingerprint, created_at)
         SELECT 'nobody', n, '', now() - interval '2 days' FROM generate_series(1, 150) n`,
      );
      await createKey('sweep-a');
      expect(await old()).toBe(50);
      await Promise.all(['b', 'c', 'd'].map((key) => createKey(`sweep-${key}`)));
      expect(await old()).toBe(0);
    });
  });
});
