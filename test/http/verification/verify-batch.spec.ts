import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import type { ApiResponse } from '../../support/client.js';
import { headOf } from '../../support/history.js';
import { expire } from '../../support/keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { refusesEach, refusesOtherBodies, withoutTrace } from '../../support/refusals.js';
import type { Service } from '../../support/service.js';
import { startSecondService } from '../../support/second-service.js';
import { shareService } from '../../support/shared-service.js';
import { untilUses } from '../../support/usage.js';

const path = '/v1/verify/batch';

interface Asker {
  post(path: string, body: unknown): Promise<ApiResponse>;
}

describe('POST /v1/verify/batch', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  let key: Awaited<ReturnType<typeof createKey>>;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    key = await createKey(org.member, org);
  });
  afterAll(() => service.stop());

  const ask = async (caller: Asker, ...questions: object[]) => {
    const { status, body } = await caller.post(path, { questions });
    expect({ status, count: body.results?.length }).toEqual({
      status: 200,
      count: questions.length,
    });
    return body.results as Record<string, unknown>[];
  };
  const codes = (results: Record<string, unknown>[]) => results.map(({ code }) => code);

  it('responds about each key what the route for one key says, in the order of the questions', async () => {
    const expired = await createKey(org.member, org);
    await expire(service, expired.id);
    const listed = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
    const questions = [
      { key: key.secret },
      { key: newSecret('kf') },
      { key: expired.secret },
      { key: other.manager.key, permission: 'keys:read', userAgent: 'curl/8' },
      { key: key.secret, permission: 'telemetry:write' },
      { key: listed.secret, ip: '192.0.2.7' },
      { key: listed.secret, ip: '198.51.100.7' },
      { key: key.secret },
    ];
    const { body } = await withoutTrace(service, () => service.operator.post(path, { questions }));
    expect(body.authSeq).toBe(await headOf(service.db));
    for (const [index, question] of questions.entries()) {
      const { body: alone } = await service.operator.post('/v1/verify', question);
      expect({ ...body.results[index], authSeq: body.authSeq }).toEqual(alone);
    }
    expect(codes(body.results).sort()).toEqual(
      ['VALID', 'INVALID', 'INVALID', 'VALID', 'INSUFFICIENT_PERMISSION']
        .concat('VALID', 'IP_NOT_ALLOWED', 'VALID')
        .sort(),
    );
  });

  it('lets nothing that a client sends spoil the results of the others', async () => {
    const odd = [
      { key: '' },
      { key: 'a\0b' },
      { key: '__proto__' },
      { key: 'x'.repeat(20_000) },
      ...['', 'localhost', '10.0.0.0/8', 'fe80::1%eth0', '10.0.0.1, 10.0.0.2'].map((ip) => ({
        key: key.secret,
        ip,
      })),
    ];
    for (const userAgent of ['', 'x'.repeat(5_000), 'a\0b', 'Ψ', newSecret('kf')]) {
      odd.push({ key: key.secret, userAgent } as never);
    }
    const questions = odd.flatMap((question) => [question, { key: key.secret }]);
    const results = await ask(service.operator, ...questions);
    results.forEach((result, index) => {
      const isValid = index % 2 === 1 || 'userAgent' in (questions[index] ?? {});
      expect(result.code).toBe(isValid ? 'VALID' : 'INVALID');
    });
  });

  it('takes 500 questions, and finds keys that no node has cached', async () => {
    const few = await Promise.all(Array.from({ length: 20 }, () => createKey(org.member, org)));
    const questions = Array.from({ length: 500 }, (_, index) => ({
      key: index % 2 === 0 ? newSecret('kf') : (few[index % 20]?.secret ?? ''),
    }));
    const results = await ask(service.operator, ...questions);
    results.forEach((result, index) => {
      expect(result.keyId).toBe(index % 2 === 0 ? undefined : few[index % 20]?.id);
    });
  });

  it('counts each use, as many times as the question says', async () => {
    const used = await createKey(org.member, org);
    const question = { key: used.secret, ip: '192.0.2.7', userAgent: 'curl/8' };
    await ask(service.operator, { ...question, count: 41 }, question);
    await untilUses(service.db, used.id, 42);
  });

  it('accepts no key any more once its revoke has returned', async () => {
    const doomed = await createKey(org.member, org);
    const questions = [{ key: doomed.secret }, { key: key.secret }];
    expect(codes(await ask(service.operator, ...questions))).toEqual(['VALID', 'VALID']);
    await org.manager.delete(org.path(`/keys/${doomed.id}`));
    expect(codes(await ask(service.operator, ...questions))).toEqual(['INVALID', 'VALID']);
  });

  it('responds with 401 to a service without a valid key of its own', async () => {
    const questions = [{ key: key.secret }];
    for (const who of [service.nobody, service.as('nonsense'), service.as(`${key.secret}x`)]) {
      const { status, body } = await who.post(path, { questions });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    }
    // Nor does it learn whether its body is one.
    expect((await service.nobody.post(path, {})).status).toBe(401);
  });

  it('responds with INVALID for keys of another organisation, as if they did not exist', async () => {
    const listed = await createKey(org.member, org, { allowedIps: ['10.0.0.0/8'] });
    const questions = [key, listed].flatMap(({ secret }) =>
      [{}, { ip: '10.0.0.1' }, { ip: '192.0.2.1' }, { permission: 'telemetry:write' }].map(
        (more) => ({ key: secret, ...more }),
      ),
    );
    for (const who of [other.manager, other.member]) {
      const results = await ask(who, ...questions, { key: other.member.key });
      expect(results.pop()).toMatchObject({ valid: true, orgId: other.id });
      for (const result of results) expect(result).toEqual({ valid: false, code: 'INVALID' });
    }
  });

  it('finds all keys of a call, also where fewer of them can be cached', async () => {
    const node = await startSecondService(service, { settings: { cacheKeys: 2 } });
    const all = await Promise.all(Array.from({ length: 30 }, () => createKey(org.member, org)));
    const questions = all.map(({ secret }) => ({ key: secret }));
    for (let round = 0; round < 3; round += 1) {
      const results = await ask(node.as(service.operator.key ?? ''), ...questions);
      expect(results.map(({ keyId }) => keyId)).toEqual(all.map(({ id }) => id));
    }
    await node.stop();
  });

  it('gives back the nonce of its request', async () => {
    const nonce = 'a'.repeat(36);
    const headers = { 'x-keyfence-nonce': nonce };
    const response = await service.operator.post(path, { questions: [{ key: 'x' }] }, headers);
    expect(response.headers.get('x-keyfence-nonce')).toBe(nonce);
  });

  it('responds with 400 and says which question is wrong', async () => {
    const send = (input: Record<string, unknown>) => service.operator.post(path, input);
    const good = { key: 'x' };
    const many = Array.from({ length: 501 }, () => good);
    await refusesEach(
      service,
      'questions',
      {
        missing: {},
        'no list': { questions: good },
        none: { questions: [] },
        many: { questions: many },
      },
      send,
    );
    const second = (question: unknown) => ({ questions: [good, question] });
    await refusesEach(
      service,
      'questions.1.key',
      { 'no key': second({}), 'no text': second({ key: 5 }), null: second({ key: null }) },
      send,
    );
    await refusesEach(
      service,
      'questions.1.count',
      Object.fromEntries(
        [0, -1, 1.5, 10_001, '2', null].map((count) => [`${count}`, second({ ...good, count })]),
      ),
      send,
    );
    await refusesEach(service, 'questions.1.ip', { 'no text': second({ ...good, ip: 5 }) }, send);
    await refusesOtherBodies(service, (body) => service.operator.post(path, body));
  });

  it('refuses a body of more than 256 KiB', async () => {
    const questions = Array.from({ length: 14 }, () => ({ key: 'x'.repeat(20_000) }));
    const { status, body } = await service.operator.post(path, { questions });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'payload_too_large' });
    await ask(service.operator, ...questions.slice(0, 13));
  });
});
