import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { verify } from '../../support/keys.js';
import { sendRaw } from '../../support/raw-http.js';
import { startService, type Service } from '../../support/service.js';

describe('a key with an IP list', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const keyFor = async (...allowedIps: string[]) =>
    (await createKey(org.member, org, { allowedIps })).secret;

  async function codes(secret: string, addresses: (string | undefined)[]): Promise<string[]> {
    const codeFor = async (ip: string | undefined) =>
      (await verify(service, secret, ip === undefined ? {} : { ip })).code as string;
    return Promise.all(addresses.map(codeFor));
  }

  it('is VALID from an address of the list, IP_NOT_ALLOWED from any other or from none', async () => {
    const secret = await keyFor('10.0.0.0/8', '192.0.2.7');
    expect(await codes(secret, ['10.0.0.0', '10.255.255.255', '192.0.2.7'])).toEqual(
      Array(3).fill('VALID'),
    );
    const outside = ['9.255.255.255', '11.0.0.0', '192.0.2.6', '::1', '0.0.0.0', undefined];
    expect(await codes(secret, outside)).toEqual(outside.map(() => 'IP_NOT_ALLOWED'));
  });

  it('names a wrong address before a missing permission, and nothing else with it', async () => {
    const secret = await keyFor('10.0.0.0/8');
    const body = await verify(service, secret, { ip: '192.0.2.1', permission: 'telemetry:admin' });
    expect(body).toEqual({
      valid: false,
      code: 'IP_NOT_ALLOWED',
      authSeq: expect.any(Number),
    });
  });

  it('works with IPv6, in every spelling of an address', async () => {
    const secret = await keyFor('2001:db8:1::/48');
    const inside = ['2001:db8:1::', '2001:DB8:1::1', '2001:0db8:0001:ffff:0:0:0:1'];
    expect(await codes(secret, inside)).toEqual(inside.map(() => 'VALID'));
    const outside = ['2001:db8:2::', '2001:db8::1', '10.0.0.1', '::ffff:10.0.0.1'];
    expect(await codes(secret, outside)).toEqual(outside.map(() => 'IP_NOT_ALLOWED'));
  });

  it('takes an IPv4-mapped address for the IPv4 address that it means, on both sides', async () => {
    const plain = await keyFor('10.0.0.0/8');
    const mapped = await keyFor('::ffff:10.0.0.0/104');
    for (const secret of [plain, mapped]) {
      const inside = ['10.1.2.3', '::ffff:10.1.2.3', '::FFFF:0a01:0203'];
      expect(await codes(secret, inside)).toEqual(inside.map(() => 'VALID'));
      const outside = ['11.0.0.1', '::ffff:11.0.0.1', '2001:db8::a01:203'];
      expect(await codes(secret, outside)).toEqual(outside.map(() => 'IP_NOT_ALLOWED'));
    }
  });

  it('is one family only, even when it is the whole of it', async () => {
    const anyIPv4 = await keyFor('0.0.0.0/0');
    expect(await codes(anyIPv4, ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1'])).toEqual([
      'VALID',
      'VALID',
      'IP_NOT_ALLOWED',
    ]);
    const anyIPv6 = await keyFor('::/0');
    expect(await codes(anyIPv6, ['2001:db8::1', '192.0.2.1'])).toEqual(['VALID', 'IP_NOT_ALLOWED']);
  });

  it('is judged by the socket when it makes a request itself', async () => {
    const here = service.as(await keyFor('127.0.0.1'));
    expect((await here.get('/v1/whoami')).status).toBe(200);
    const elsewhere = service.as(await keyFor('10.0.0.0/8'));
    for (const path of ['/v1/whoami', org.path('/keys')]) {
      const { status, body } = await elsewhere.get(path);
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'ip_not_allowed' });
    }
  });

  it('is not judged by X-Forwarded-For while no proxy is trusted', async () => {
    const claims = ['10.0.0.1', '127.0.0.1', '10.0.0.1, 127.0.0.1'];
    const elsewhere = service.as(await keyFor('10.0.0.0/8'));
    const here = service.as(await keyFor('127.0.0.1'));
    for (const claim of claims) {
      const headers = {
        'x-forwarded-for': claim,
        'x-real-ip': claim,
        forwarded: `for=${claim}`,
        'x-client-ip': claim,
      };
      expect((await elsewhere.get('/v1/whoami', headers)).status).toBe(403);
      expect((await here.get('/v1/whoami', headers)).status).toBe(200);
    }
  });

  it('is judged by the address that the service reports, not by the address of the service', async () => {
    const secret = await keyFor('10.0.0.0/8');
    const { body } = await service.operator.post(
      '/v1/verify',
      { key: secret },
      { 'x-forwarded-for': '10.0.0.1' },
    );
    expect(body).toMatchObject({ valid: false, code: 'IP_NOT_ALLOWED' });
    const local = await keyFor('127.0.0.1');
    expect(await verify(service, local)).toMatchObject({ code: 'IP_NOT_ALLOWED' });
  });
});

describe('a key with an IP list behind trusted proxies', () => {
  let service: Service;
  let secret: string;

  beforeAll(async () => {
    service = await startService({ settings: { trustedProxies: ['127.0.0.0/8', '10.9.0.0/16'] } });
    const org = await createOrganisation(service);
    const allowedIps = ['203.0.113.0/24', '2001:db8::/32'];
    secret = (await createKey(org.member, org, { allowedIps })).secret;
  });
  afterAll(() => service.stop());

  async function statusBehind(...forwardedFor: string[]): Promise<number> {
    const headers = forwardedFor.map((value): [string, string] => ['X-Forwarded-For', value]);
    const { status } = await sendRaw(service.url, {
      path: '/v1/whoami',
      headers: [['X-API-Key', secret], ...headers],
    });
    return status;
  }

  it('is judged by the entry of X-Forwarded-For that the trusted proxy added', async () => {
    expect(await statusBehind('203.0.113.5')).toBe(200);
    expect(await statusBehind('198.51.100.1')).toBe(403);
    expect(await statusBehind('2001:db8::5')).toBe(200);
    expect(await statusBehind('::ffff:203.0.113.5')).toBe(200);
    expect(await statusBehind('2001:db9::5')).toBe(403);
  });

  it('is judged by the rightmost entry that is not trusted, whatever the client wrote before', async () => {
    expect(await statusBehind('198.51.100.1, 203.0.113.5')).toBe(200);
    expect(await statusBehind('203.0.113.5, 198.51.100.1')).toBe(403);
    expect(await statusBehind('203.0.113.5, 198.51.100.1, 10.9.0.1')).toBe(403);
    expect(await statusBehind('198.51.100.1, 203.0.113.5, 10.9.0.1, 127.0.0.2')).toBe(200);
    expect(await statusBehind('203.0.113.5, garbage, 198.51.100.1')).toBe(403);
    expect(await statusBehind('garbage, 203.0.113.5')).toBe(200);
  });

  it('is judged by all headers of that name together', async () => {
    expect(await statusBehind('203.0.113.5', '198.51.100.1')).toBe(403);
    expect(await statusBehind('198.51.100.1', '203.0.113.5')).toBe(200);
  });

  it('is refused when the entry that counts is no address', async () => {
    const garbage = [
      'garbage',
      '203.0.113.5:443',
      '[2001:db8::5]',
      '203.0.113.5/32',
      'unknown',
      '_x',
    ];
    for (const entry of garbage) {
      expect({ entry, status: await statusBehind(entry) }).toEqual({ entry, status: 403 });
      expect(await statusBehind(`203.0.113.5, ${entry}`)).toBe(403);
      expect(await statusBehind(`203.0.113.5, ${entry}, 10.9.0.1`)).toBe(403);
    }
  });

  it('is refused when the proxy names nobody', async () => {
    expect(await statusBehind()).toBe(403);
    expect(await statusBehind('')).toBe(403);
  });
});
