import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../../support/client.js';
import { sendRaw, valueOf } from '../../support/raw-http.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const name = 'x-keyfence-nonce';

describe('X-Keyfence-Nonce', () => {
  let service: Service;

  beforeAll(async () => {
    service = await shareService();
  });
  afterAll(() => service.stop());

  const given = ({ headers }: ApiResponse) => headers.get(name);
  const nonce = () => randomBytes(12).toString('base64url');

  it('comes back with every response about a key, also with refusals', async () => {
    const { operator, nobody } = service;
    const asked: [status: number, (sent: Record<string, string>) => Promise<ApiResponse>][] = [
      [200, (sent) => operator.post('/v1/verify', { key: 'kf_x' }, sent)],
      [400, (sent) => operator.post('/v1/verify', { no: 'key' }, sent)],
      [400, (sent) => operator.post('/v1/verify', '{', sent)],
      [413, (sent) => operator.post('/v1/verify', { key: 'x'.repeat(70_000) }, sent)],
      [401, (sent) => nobody.post('/v1/verify', { key: 'kf_x' }, sent)],
      [200, (sent) => operator.get('/v1/whoami', sent)],
      [401, (sent) => nobody.get('/v1/whoami', sent)],
    ];
    for (const [status, ask] of asked) {
      const sent = nonce();
      const response = await ask({ [name]: sent });
      expect({ status: response.status, given: given(response) }).toEqual({ status, given: sent });
      expect(given(await ask({}))).toBeNull();
    }
  });

  it('takes 16 to 64 characters of base64url, and gives back nothing else', async () => {
    const ask = (value: string) => service.operator.get('/v1/whoami', { [name]: value });
    for (const value of ['a'.repeat(16), 'Z9-_'.repeat(16)]) {
      expect(given(await ask(value))).toBe(value);
    }
    const odd = ['', 'a'.repeat(15), 'a'.repeat(65), `${'a'.repeat(16)}=`, `${'a'.repeat(16)} b`];
    for (const value of [...odd, '<script>alert(1)</script>', `kf.${'a'.repeat(42)}`]) {
      const response = await ask(value);
      expect({ value, status: response.status }).toEqual({ value, status: 200 });
      expect({ value, given: given(response) }).toEqual({ value, given: null });
    }
  });

  it('does not come back when there are two, nor from other routes', async () => {
    const two: [string, string][] = [
      [name, nonce()],
      [name, nonce()],
    ];
    const response = await sendRaw(service.url, { path: '/v1/whoami', headers: two });
    expect(valueOf(response, name)).toBeUndefined();
    for (const path of ['/v1/orgs', '/livez', '/v1/verify']) {
      expect(given(await service.operator.get(path, { [name]: nonce() }))).toBeNull();
    }
  });

  it('is not logged', async () => {
    const sent = nonce();
    await service.operator.get('/v1/whoami', { [name]: sent });
    await service.nobody.get('/v1/whoami', { [name]: sent });
    expect(service.log.join('\n')).not.toContain(sent);
  });
});
