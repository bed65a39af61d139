import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newSecret } from '../../../src/common/secret.js';
import { startClock, tick } from '../../support/clock.js';
import { expire } from '../../support/keys.js';
import { addPerson, createKey, createOrganisation } from '../../support/organisation.js';
import type { Organisation } from '../../support/organisation.js';
import { expectProblem } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import {
  fail,
  from,
  stopClock,
  toNextWindow,
  sendNonsense,
  untilWindowEnds,
} from '../../support/throttling.js';

const limit = 5;

describe('a client that fails to authenticate again and again', () => {
  let service: Service;
  let org: Organisation;
  let address: string;
  let addresses = 0;

  beforeAll(async () => {
    await stopClock();
    service = await startService({
      settings: { maxFailedAuthentications: limit, trustedProxies: ['127.0.0.1/32'] },
    });
    org = await createOrganisation(service);
  });
  beforeEach(() => {
    addresses += 1;
    address = `198.51.100.${addresses}`;
  });
  afterAll(async () => {
    await service.stop().finally(startClock);
  });

  const whoami = (key: string, ip = address) => service.as(key).get('/v1/whoami', from(ip));

  /** A count that the service reports to Prometheus, over all of its labels. */
  async function metric(name: string): Promise<number> {
    const { text } = await service.nobody.get('/metrics');
    const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))];
    return lines.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  it('learns after the limit when to retry, whatever it sends', async () => {
    await fail(service.nobody, address, limit);
    const response = await sendNonsense(service.nobody, address);
    expectProblem(response, 429, 'too_many_failures');
    expect(response.headers.get('retry-after')).toBe(String(untilWindowEnds()));
    expect(response.body.retryAfter).toBe(untilWindowEnds());
    const unseen = await createKey(org.manager, org);
    for (const key of [newSecret('kf'), unseen.secret]) {
      expectProblem(await whoami(key), 429, 'too_many_failures');
    }
    for (const path of ['/v1/orgs', org.path('/keys')]) {
      expect((await service.as(unseen.secret).get(path, from(address))).status).toBe(429);
    }
  });

  const bad: Record<string, () => Promise<string>> = {
    'that nobody knows': () => Promise.resolve(newSecret('kf')),
    'that is malformed': () => Promise.resolve('kf_nonsense'),
    'that is revoked': async () => {
      const { id, secret } = await createKey(org.manager, org);
      await org.manager.delete(org.path(`/keys/${id}`));
      return secret;
    },
    'that is expired': async () => {
      const { id, secret } = await createKey(org.manager, org);
      await expire(service, id);
      return secret;
    },
    'of a suspended organisation': async () => {
      const { id, member } = await createOrganisation(service);
      await service.operator.post(`/v1/orgs/${id}/suspend`);
      return member.key;
    },
    'of a deactivated owner': async () => {
      const { userId, key } = await addPerson(service, org.id, 'member');
      await service.operator.post(`/v1/users/${userId}/deactivate`);
      return key;
    },
  };
  for (const [what, make] of Object.entries(bad)) {
    it(`is counted for a key ${what}`, async () => {
      const key = await make();
      const statuses: number[] = [];
      for (let n = 0; n <= limit; n += 1) statuses.push((await whoami(key)).status);
      expect(statuses).toEqual([...Array<number>(limit).fill(401), 429]);
    });
  }

  it('is not counted for the login of a proxy in front, which is no credential of ours', async () => {
    const basic = { ...from(address), authorization: 'Basic a2Y6a2Y=' };
    for (let n = 0; n <= limit; n += 1) {
      expect((await service.nobody.get('/v1/whoami', basic)).status).toBe(401);
    }
  });

  it('is not counted for what is no failed authentication', async () => {
    const { secret } = await createKey(org.member, org);
    const bound = await createKey(org.member, org, { allowedIps: ['192.0.2.1'] });
    const both = { ...from(address), authorization: 'Bearer a', 'x-api-key': 'b' };
    for (let n = 0; n <= limit; n += 1) {
      const responses = [
        await service.nobody.get('/v1/whoami', from(address)),
        await service.nobody.get('/v1/whoami', both),
        await whoami(secret),
        await whoami(bound.secret),
        await service.as(secret).get(org.path('/members'), from(address)),
        await service.operator.post('/v1/verify', { key: newSecret('kf') }, from(address)),
        await service.nobody.post('/v1/revoke', { key: 'no key' }, from(address)),
      ];
      const statuses = responses.map(({ status }) => status);
      expect(statuses).toEqual([401, 400, 200, 403, 403, 200, 400]);
    }
    expect((await sendNonsense(service.nobody, address)).status).toBe(401);
  });

  it('does no harm to others: from another address every valid key works', async () => {
    await fail(service.nobody, address, limit);
    const unseen = await createKey(org.manager, org);
    expect((await whoami(unseen.secret)).status).toBe(429);
    expect((await whoami(unseen.secret, '203.0.113.1')).status).toBe(200);
  });

  it('does no harm to keys of the same address that were valid lately, until they are not', async () => {
    const [key, asked] = [await createKey(org.manager, org), await createKey(org.manager, org)];
    expect((await whoami(key.secret)).status).toBe(200);
    await service.operator.post('/v1/verify', { key: asked.secret });
    await fail(service.nobody, address, limit);
    for (const secret of [key.secret, asked.secret]) {
      expect((await whoami(secret)).status).toBe(200);
      const byHeader = { ...from(address), 'x-api-key': secret };
      expect((await service.nobody.get('/v1/whoami', byHeader)).status).toBe(200);
      const inCapitals = { ...from(address), authorization: `BEARER  ${secret}` };
      expect((await service.nobody.get('/v1/whoami', inCapitals)).status).toBe(200);
    }
    await org.manager.delete(org.path(`/keys/${key.id}`));
    expect((await whoami(key.secret)).status).toBe(401);
    expect((await whoami(key.secret)).status).toBe(429);
    expect((await whoami(asked.secret)).status).toBe(200);
  });

  it('does no harm to keys with an address list where they may be used, and nowhere else', async () => {
    const allowedIps = [`${address}/32`];
    const bound = await createKey(org.manager, org, { allowedIps });
    expect((await whoami(bound.secret)).status).toBe(200);
    const elsewhere = '203.0.113.7';
    await fail(service.nobody, address, limit);
    await fail(service.nobody, elsewhere, limit);
    for (let time = 0; time < 3; time += 1) {
      expectProblem(await whoami(bound.secret, elsewhere), 429, 'too_many_failures');
      expect((await whoami(bound.secret)).status).toBe(200);
    }
    // Where nobody has to wait it is what it always was.
    expect((await whoami(bound.secret, '203.0.113.8')).status).toBe(403);
  });

  it('notices once that the address list of a key became narrower', async () => {
    const allowedIps = ['192.0.2.0/24', `${address}/32`];
    const { id, secret } = await createKey(org.manager, org, { allowedIps });
    expect((await whoami(secret)).status).toBe(200);
    await org.manager.patch(org.path(`/keys/${id}`), { allowedIps: ['192.0.2.0/24'] });
    await fail(service.nobody, address, limit);
    const statuses = [(await whoami(secret)).status, (await whoami(secret)).status];
    expect(statuses).toEqual([403, 429]);
    expect((await whoami(secret, '192.0.2.9')).status).toBe(200);
  });

  it('costs no look-up any more', async () => {
    await fail(service.nobody, address, limit);
    const verifications = await metric('keyfence_verifications_total');
    const throttled = await metric('keyfence_throttled_requests_total');
    for (let n = 0; n < 20; n += 1) expect((await whoami(newSecret('kf'))).status).toBe(429);
    expect(await metric('keyfence_verifications_total')).toBe(verifications);
    expect(await metric('keyfence_throttled_requests_total')).toBe(throttled + 20);
  });

  it('may retry when the minute is over', async () => {
    await fail(service.nobody, address, limit);
    tick((untilWindowEnds() - 1) * 1_000);
    const { status, headers } = await sendNonsense(service.nobody, address);
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    tick(1_000);
    await fail(service.nobody, address, limit);
    expect((await sendNonsense(service.nobody, address)).status).toBe(429);
    toNextWindow();
    const unseen = await createKey(org.manager, org);
    expect((await whoami(unseen.secret)).status).toBe(200);
  });

  it('gets 503 from forward-auth, which says nothing about a key', async () => {
    await fail(service.nobody, address, limit);
    const { secret } = await createKey(org.manager, org);
    const forward = () => service.as(secret).get('/v1/forward-auth/any', from(address));
    const refused = await forward();
    expectProblem(refused, 503, 'unavailable');
    expect(refused.headers.get('retry-after')).toBe(String(untilWindowEnds()));
    expect((await whoami(secret, '203.0.113.1')).status).toBe(200);
    expect((await forward()).status).toBe(204);
  });

  it('can no longer report keys, known or not: each report counts as well', async () => {
    const report = (key: string) => service.nobody.post('/v1/revoke', { key }, from(address));
    const { secret } = await createKey(org.manager, org);
    const spared = await createKey(org.manager, org);
    const keys = [secret, secret, ...Array.from({ length: limit - 2 }, () => newSecret('kf'))];
    for (const key of keys) expect((await report(key)).status).toBe(200);
    for (const key of [spared.secret, newSecret('kf')]) {
      const refused = await report(key);
      expectProblem(refused, 429, 'too_many_failures');
      expect(refused.headers.get('retry-after')).toBe(String(untilWindowEnds()));
    }
    expect((await whoami(spared.secret)).status).toBe(429);
    expect((await whoami(spared.secret, '203.0.113.1')).status).toBe(200);
  });

  it('is a whole /64 of IPv6, and one address of IPv4 in each spelling', async () => {
    for (let n = 0; n < limit; n += 1) await fail(service.nobody, `2001:db8:0:7::${n}`, 1);
    expect((await sendNonsense(service.nobody, '2001:db8:0:7:ffff::1')).status).toBe(429);
    expect((await sendNonsense(service.nobody, '2001:db8:0:8::1')).status).toBe(401);
    await fail(service.nobody, address, limit - 1);
    await fail(service.nobody, `::ffff:${address}`, 1);
    expect((await sendNonsense(service.nobody, address)).status).toBe(429);
  });

  it('is not counted where its address is not known', async () => {
    await fail(service.nobody, 'unknown', 2 * limit);
    await fail(service.nobody, '198.51.100.1:443', 2 * limit);
  });
});
