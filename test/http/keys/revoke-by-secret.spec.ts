import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import { auditCount, headOf, logSince } from '../../support/history.js';
import { auditOf, expectRefusal, expire, verify } from '../../support/keys.js';
import { hold, untilWaiting } from '../../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { whoamiStatuses } from '../../support/persons.js';
import { refusesEach, refusesOtherBodies } from '../../support/refusals.js';
import { startSecondService, type SecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

describe('POST /v1/revoke', () => {
  let service: Service;
  let second: SecondService;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    second = await startSecondService(service);
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await second.stop();
    await service.stop();
  });

  const report = (key: string, node: Pick<Service, 'nobody'> = service) =>
    node.nobody.post('/v1/revoke', { key });

  it('revokes the key of the secret, without any credentials, on every node at once', async () => {
    const { secret } = await createKey(org.manager, org, { scope: 'admin' });
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
    const { status, text, headers } = await report(secret, second);
    expect({ status, text }).toEqual({ status: 200, text: '{"valid":false}' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(401);
    expect((await second.as(secret).get('/v1/whoami')).status).toBe(401);
    expect(await verify(service, secret)).toMatchObject({ valid: false, code: 'INVALID' });
  });

  it('shows managers what happened: no user, the key itself, reported', async () => {
    const { id, secret } = await createKey(org.member, org);
    const { headers } = await service.nobody.post(
      '/v1/revoke',
      { key: secret },
      { 'user-agent': `scanner ${secret}` },
    );
    const { body } = await org.manager.get(org.path(`/keys/${id}`));
    expect(body).toMatchObject({
      state: 'revoked',
      revokedBy: { userId: null, keyId: id },
      revokeReason: 'reported',
    });
    const [event] = await auditOf(org, id);
    expect(event).toMatchObject({
      action: 'key.revoked',
      targetId: id,
      actor: { kind: 'secret_holder', orgId: org.id, userId: null, keyId: id },
      after: { state: 'revoked', reason: 'reported' },
      ip: '127.0.0.1',
      userAgent: null,
      requestId: headers.get('x-request-id'),
    });
    const found = await org.manager.get(org.path(`/audit-events?actor=${id}`));
    expect(found.body.items).toEqual([event]);
  });

  it('responds with the same bytes whether the key was valid, invalid in any way, or never was', async () => {
    const keys = await Promise.all(Array.from({ length: 3 }, () => createKey(org.member, org)));
    const [valid, expired, revoked] = keys as [Key, Key, Key];
    await expire(service, expired.id);
    await org.member.delete(org.path(`/keys/${revoked.id}`));
    const suspended = await createOrganisation(service);
    await service.operator.post(suspended.path('/suspend'));
    const secrets = [valid.secret, expired.secret, revoked.secret, suspended.member.key];
    const responses = [];
    for (const secret of [...secrets, newSecret('kf'), newSecret('other_prefix')]) {
      responses.push(await report(secret), await report(secret));
    }
    const shown = responses.map(({ status, headers, text }) => {
      const rest = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
      return JSON.stringify({ status, rest, text });
    });
    expect([...new Set(shown)]).toHaveLength(1);
  });

  type Key = Awaited<ReturnType<typeof createKey>>;

  it('responds no sooner for a key that never was than for one it had to revoke', async () => {
    const { secret } = await createKey(org.member, org);
    for (const each of [newSecret('kf'), secret, secret]) {
      const begin = performance.now();
      await report(each);
      expect(performance.now() - begin).toBeGreaterThanOrEqual(99);
    }
  });

  it('writes nothing for a key that never was', async () => {
    const [head, events] = [await headOf(service.db), await auditCount(service.db)];
    await Promise.all(Array.from({ length: 10 }, () => report(newSecret('kf'))));
    expect(await headOf(service.db)).toBe(head);
    expect(await auditCount(service.db)).toBe(events);
  });

  it('changes nothing of an earlier revocation, but waits until that is on disk', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await org.manager.delete(org.path(`/keys/${id}?reason=first`));
    const [head, events] = [await headOf(service.db), await auditCount(service.db)];
    const { body } = await org.manager.get(org.path(`/keys/${id}`));
    await report(secret);
    expect((await org.manager.get(org.path(`/keys/${id}`))).body).toEqual(body);
    expect(await auditCount(service.db)).toBe(events);
    expect(await headOf(service.db)).toBe(head + 1);
    expect(await logSince(service.db, head)).toEqual([]);
  });

  it('does not overtake a revocation that has not been committed', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await using other = await hold(
      service.db,
      'UPDATE api_keys SET revoked_at = now() WHERE id = $1',
      [id],
    );
    let hasResponded = false;
    const response = report(secret).finally(() => (hasResponded = true));
    await untilWaiting(service.db);
    expect(hasResponded).toBe(false);
    await other.rollback();
    expect((await response).status).toBe(200);
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
  });

  it('has one effect and one audit row when fifty come to two nodes at once', async () => {
    const { id, secret } = await createKey(org.manager, org);
    const responses = await Promise.all([
      ...Array.from({ length: 50 }, (_, n) => report(secret, n % 2 ? second : service)),
      org.manager.delete(org.path(`/keys/${id}`)),
    ]);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    const events = await auditOf(org, id);
    expect(events.map(({ action }) => action as string)).toEqual(['key.revoked', 'key.created']);
  });

  it('revokes keys that nobody may use from there, and the last key of an operator', async () => {
    const bound = await createKey(org.manager, org, { allowedIps: ['192.0.2.1'] });
    expect((await service.as(bound.secret).get('/v1/whoami')).status).toBe(403);
    await report(bound.secret);
    expect((await service.as(bound.secret).get('/v1/whoami')).status).toBe(401);
    const alone = await startService();
    try {
      const key = alone.operator.key ?? '';
      expect(await report(key, alone)).toMatchObject({ status: 200 });
      expect((await alone.operator.get('/v1/whoami')).status).toBe(401);
    } finally {
      await alone.stop();
    }
  });

  it('finds keys that were hashed with an earlier secret of the service', async () => {
    const { secret } = await createKey(org.manager, org);
    const secrets = ['a new one, that is long enough to be one', ...service.settings.secrets];
    const third = await startSecondService(service, { settings: { secrets } });
    try {
      await report(secret, third);
    } finally {
      await third.stop();
    }
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
  });

  it('leaves all other keys alone, also those that the revoked one created', async () => {
    const maker = await createKey(org.manager, org, { scope: 'admin' });
    const made = await createKey({ ...org.manager, ...service.as(maker.secret) }, org);
    await report(maker.secret);
    expect(await whoamiStatuses(service, [made.secret, org.manager.key])).toEqual([200, 200]);
  });

  it('looks at no credentials: valid, invalid or several, they change nothing', async () => {
    const [one, two] = [await createKey(org.manager, org), await createKey(org.manager, org)];
    for (const [{ id, secret }, headers] of [
      [one, { authorization: 'Bearer nonsense', 'x-api-key': 'nonsense' }],
      [two, { authorization: `Bearer ${org.manager.key}` }],
    ] as const) {
      const { status } = await service.nobody.post('/v1/revoke', { key: secret }, headers);
      expect(status).toBe(200);
      expect((await auditOf(org, id))[0]?.actor).toMatchObject({ userId: null, keyId: id });
    }
  });

  it('refuses what is no key, and leaves no trace', async () => {
    const { secret } = await createKey(org.manager, org);
    const send = (key: unknown) => service.nobody.post('/v1/revoke', { key });
    await refusesEach(
      service,
      'key',
      {
        'no value': undefined,
        null: null,
        'a number': 5,
        'a list': [secret.slice(0, 20)],
        'an empty text': '',
        'a wrong checksum': `kf_${'0'.repeat(42)}`,
        'a part of a key': secret.slice(0, -1),
        'white space around': ` ${secret} `,
        'a scheme before it': `Bearer ${secret}`,
        'a NUL behind it': `${secret}\0`,
        'a long text': 'k'.repeat(60_000),
      },
      send,
    );
    await refusesOtherBodies(service, (body) => service.nobody.post('/v1/revoke', body));
    expect(await whoamiStatuses(service, [secret])).toEqual([200]);
  });

  it('refuses a key in the URL, and fields that it does not know', async () => {
    const { secret } = await createKey(org.manager, org);
    const inUrl = () => service.nobody.post(`/v1/revoke?key=${secret}`);
    await expectRefusal(service, inUrl, 400, 'key_in_url');
    const more = () => service.nobody.post('/v1/revoke', { key: secret, [secret]: 1 });
    await expectRefusal(service, more, 400, 'invalid_request');
    expect(await whoamiStatuses(service, [secret])).toEqual([200]);
  });

  it('responds with 503 when the database is away, for every key', async () => {
    const { secret } = await createKey(org.manager, org);
    const proxy = await TcpProxy.start(service.settings.databaseUrl);
    const cut = await startSecondService(service, {
      settings: { databaseUrl: proxy.url(service.settings.databaseUrl) },
    });
    try {
      proxy.cut();
      for (const key of [secret, newSecret('kf')]) {
        const { status, body } = await report(key, cut);
        expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
      }
      await proxy.heal();
      expect((await report(secret, cut)).status).toBe(200);
    } finally {
      await cut.stop();
      await proxy.close();
    }
    expect(await whoamiStatuses(service, [secret])).toEqual([401]);
  });

  it('responds with 503 while somebody else holds a lock on the key, which then is as valid as before', async () => {
    const { id, secret } = await createKey(org.manager, org);
    await using other = await hold(service.db, 'SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [
      id,
    ]);
    const { status, body } = await report(secret);
    await other.rollback();
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'busy' });
    expect(await whoamiStatuses(service, [secret])).toEqual([200]);
  });
});
