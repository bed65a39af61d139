import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/common/errors.js';
import { startExample, type Example } from '../support/example.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { postSlowly } from '../support/slow-body.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const examples = {
  'express-service': 'server.js',
  'fastify-service': 'server.js',
  'nest-service': 'dist/main.js',
};

describe('a service that the package protects', () => {
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let verifier: { id: string; secret: string };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    proxy = await TcpProxy.start(service.url);
    const operators = await operatorOrgId(service);
    const created = await service.operator.post(`/v1/orgs/${operators}/keys`, {
      name: 'verifier',
      scope: 'read',
      permissions: ['verify:read'],
    });
    verifier = { id: created.body.key.id, secret: created.body.secret };
  });
  afterAll(async () => {
    await proxy.close();
    await service.stop();
  });

  for (const [folder, script] of Object.entries(examples)) {
    describe(folder, () => {
      let example: Example;

      beforeAll(async () => {
        example = await startExample(folder, script, {
          KEYFENCE_URL: proxy.url(service.url),
          KEYFENCE_SERVICE_KEY: verifier.secret,
        });
      });
      afterAll(() => example.stop());

      async function ask(
        headers: Record<string, string> | [string, string][],
        method = 'GET',
        path = '/telemetry',
      ) {
        const response = await fetch(example.url + path, { method, headers });
        const content = await response.text();
        const { status } = response;
        return { status, headers: response.headers, body: JSON.parse(content) };
      }
      const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

      it('lets a valid key in, and knows whose it is', async () => {
        const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
        for (const headers of [bearer(secret), { 'x-api-key': secret }]) {
          const { status, body } = await ask(headers);
          expect({ status, body }).toEqual({
            status: 200,
            body: { celsius: 21.4, organisation: org.id },
          });
        }
        expect(await ask(bearer(secret), 'POST')).toMatchObject({
          status: 201,
          body: { recordedBy: id },
        });
      });

      it('asks for a key where there is none, or no valid one', async () => {
        const refused: [Record<string, string> | [string, string][], number, string][] = [
          [{}, 401, 'Bearer'],
          [{ authorization: 'Basic YTpi' }, 401, 'Bearer'],
          [bearer('nonsense'), 401, 'Bearer error="invalid_token"'],
          [bearer(`kf_${'A'.repeat(42)}`), 401, 'Bearer error="invalid_token"'],
        ];
        for (const [headers, status, challenge] of refused) {
          const response = await ask(headers);
          // As Keyfence itself would say it.
          const code = 'unauthenticated';
          expect(response).toMatchObject({ status, body: { code, ...catalogue[code] } });
          expect(response.headers.get('www-authenticate')).toBe(challenge);
          expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
          expect(response.headers.get('cache-control')).toBe('no-store');
        }
        const { secret } = await createKey(org.member, org);
        expect(await ask({ ...bearer(secret), 'x-api-key': secret })).toMatchObject({
          status: 400,
          body: { code: 'ambiguous_credentials', ...catalogue.ambiguous_credentials },
        });
        // The login of a proxy in front is no key.
        const beside = { authorization: 'Basic YTpi', 'x-api-key': secret };
        expect((await ask(beside)).status).toBe(200);
      });

      it('names the permission that a key lacks', async () => {
        const { secret } = await createKey(org.member, org, { scope: 'read' });
        expect(await ask(bearer(secret), 'POST')).toMatchObject({
          status: 403,
          body: {
            code: 'insufficient_permission',
            ...catalogue.insufficient_permission,
            permission: 'telemetry:write',
          },
        });
      });

      it('hands on from where the client comes', async () => {
        const near = await createKey(org.member, org, { allowedIps: ['127.0.0.0/8'] });
        const far = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
        expect((await ask(bearer(near.secret))).status).toBe(200);
        expect(await ask(bearer(far.secret))).toMatchObject({
          status: 403,
          body: { code: 'ip_not_allowed', ...catalogue.ip_not_allowed },
        });
      });

      it('refuses a revoked key on the very next request', async () => {
        const { id, secret } = await createKey(org.member, org);
        for (let time = 0; time < 3; time += 1) {
          expect((await ask(bearer(secret))).status).toBe(200);
        }
        await org.manager.delete(org.path(`/keys/${id}`));
        expect((await ask(bearer(secret))).status).toBe(401);
      });

      it('judges a request when all of it is there', async () => {
        const input = { scope: 'read-write' };
        const { id, secret } = await createKey(org.member, org, input);
        const record = (meanwhile: () => Promise<unknown>) =>
          postSlowly(`${example.url}/telemetry`, bearer(secret), { celsius: 1 }, meanwhile);
        expect((await record(() => Promise.resolve())).status).toBe(201);
        const late = await record(() => org.manager.delete(org.path(`/keys/${id}`)));
        expect(late.status).toBe(401);
      });

      it('lets nobody in while Keyfence is away, and goes on when it is back', async () => {
        const { secret } = await createKey(org.member, org);
        for (const leave of ['cut', 'silence'] as const) {
          proxy[leave]();
          const response = await ask(bearer(secret));
          expect(response).toMatchObject({
            status: 503,
            body: { code: 'unavailable', ...catalogue.unavailable },
          });
          expect(response.headers.get('retry-after')).toBe('1');
          await proxy.heal();
          await eventually(async () => (await ask(bearer(secret))).status === 200);
        }
        expect(example.output.join('\n')).toMatch(/no key can be verified/);
        expect(example.output.join('\n')).not.toContain(secret);
      });
    });
  }

  it('is open where it says so, and nowhere else', async () => {
    const example = await startExample('nest-service', 'dist/main.js', {
      KEYFENCE_URL: service.url,
      KEYFENCE_SERVICE_KEY: 'not a key of this service',
    });
    try {
      expect((await fetch(`${example.url}/health`)).status).toBe(200);
      const { secret } = await createKey(org.member, org);
      const headers = { authorization: `Bearer ${secret}` };
      // That its own key is bad is nothing that a client could mend.
      expect((await fetch(`${example.url}/telemetry`, { headers })).status).toBe(503);
      expect(example.output.join('\n')).toMatch(
        /no key can be verified: the key of this service is refused/,
      );
    } finally {
      await example.stop();
    }
  });
});
