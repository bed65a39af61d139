import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, type ProblemCode } from '../../src/common/errors.js';
import { noGo, noPython } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startListening, type Example } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';
import { postSlowly } from '../support/slow-body.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeUnless } from '../support/unless.js';

/** Compiles the service, so that a signal reaches it and not the `go` that started it. */
async function compileGo(into: string): Promise<[string]> {
  const binary = join(into, 'go-service');
  await promisify(execFile)('go', ['build', '-o', binary, '.'], {
    cwd: join(projectRoot, 'examples', 'go-service'),
    env: cleanEnvironment({ CGO_ENABLED: '0' }),
  });
  return [binary];
}

const languages = {
  Python: {
    missing: noPython,
    folder: 'python-service',
    command: () => Promise.resolve<[string, ...string[]]>(['python3', '-B', 'server.py']),
  },
  Go: { missing: noGo, folder: 'go-service', command: compileGo },
};

describe('a service that is not in Node', () => {
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let serviceKey: string;
  let compiled: string;

  beforeAll(async () => {
    compiled = await mkdtemp(join(tmpdir(), 'keyfence-languages-'));
    service = await startService();
    org = await createOrganisation(service);
    proxy = await TcpProxy.start(service.url);
    const operators = await operatorOrgId(service);
    const { body } = await service.operator.post(`/v1/orgs/${operators}/keys`, {
      name: 'service in another language',
      scope: 'read',
      permissions: ['verify:read'],
    });
    serviceKey = body.secret;
  });
  afterAll(async () => {
    await proxy.close();
    await service.stop();
    await rm(compiled, { recursive: true, force: true });
  });

  for (const [language, { missing, folder, command }] of Object.entries(languages)) {
    describeUnless(missing, `in ${language}`, () => {
      let example: Example;
      const start = async (variables: Record<string, string>) =>
        startListening(folder, await command(compiled), {
          KEYFENCE_URL: proxy.url(service.url),
          KEYFENCE_SERVICE_KEY: serviceKey,
          ...variables,
        });

      beforeAll(async () => {
        example = await start({});
      });
      afterAll(() => example.stop());

      async function ask(headers: Record<string, string>, method = 'GET', at = example) {
        const response = await fetch(`${at.url}/telemetry`, { method, headers });
        const body = (await response.json()) as Record<string, unknown>;
        return { status: response.status, headers: response.headers, body };
      }
      const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

      function expectProblem(response: Awaited<ReturnType<typeof ask>>, code: ProblemCode) {
        const { status } = catalogue[code];
        expect(response).toMatchObject({ status, body: { code, ...catalogue[code] } });
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(response.headers.get('cache-control')).toBe('no-store');
      }

      it('lets a valid key in, and knows whose it is', async () => {
        const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
        const ways: Record<string, string>[] = [
          bearer(secret),
          { 'x-api-key': secret },
          { authorization: 'Basic YTpi', 'x-api-key': secret },
        ];
        for (const headers of ways) {
          expect(await ask(headers)).toMatchObject({
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
        const none: Record<string, string>[] = [
          {},
          { authorization: 'Basic YTpi' },
          { authorization: '', 'x-api-key': ' ' },
        ];
        const bad = ['nonsense', `kf_${'A'.repeat(42)}`, ''].map(bearer);
        for (const headers of none) {
          const response = await ask(headers);
          expectProblem(response, 'unauthenticated');
          expect(response.headers.get('www-authenticate')).toBe('Bearer');
        }
        for (const headers of bad) {
          const response = await ask(headers);
          expectProblem(response, 'unauthenticated');
          expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
        }
        const { secret } = await createKey(org.member, org);
        const both = { ...bearer(secret), 'x-api-key': secret };
        expectProblem(await ask(both), 'ambiguous_credentials');
      });

      it('names the permission that a key lacks', async () => {
        const { secret } = await createKey(org.member, org, { scope: 'read' });
        const response = await ask(bearer(secret), 'POST');
        expectProblem(response, 'insufficient_permission');
        expect(response.body.permission).toBe('telemetry:write');
      });

      it('hands on from where the client comes', async () => {
        const near = await createKey(org.member, org, { allowedIps: ['127.0.0.0/8'] });
        const far = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
        expect((await ask(bearer(near.secret))).status).toBe(200);
        expectProblem(await ask(bearer(far.secret)), 'ip_not_allowed');
      });

      it('refuses a revoked key on the very next request', async () => {
        const { id, secret } = await createKey(org.member, org);
        for (let time = 0; time < 3; time += 1) {
          expect((await ask(bearer(secret))).status).toBe(200);
        }
        await org.manager.delete(org.path(`/keys/${id}`));
        expectProblem(await ask(bearer(secret)), 'unauthenticated');
      });

      it('judges a request when all of it is there', async () => {
        const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
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
          expectProblem(response, 'unavailable');
          expect(response.headers.get('retry-after')).toBe('1');
          await proxy.heal();
          await eventually(async () => (await ask(bearer(secret))).status === 200);
        }
        expect(example.output.join('\n')).toMatch(/No key can be verified/);
        expect(example.output.join('\n')).not.toContain(secret);
      });

      it('says that its own key is refused, and lets nobody in', async () => {
        const other = await start({ KEYFENCE_SERVICE_KEY: 'not a key of this service' });
        try {
          const { secret } = await createKey(org.member, org);
          expectProblem(await ask(bearer(secret), 'GET', other), 'unavailable');
          expect(other.output.join('\n')).toMatch(/the key of this service is refused/);
        } finally {
          await other.stop();
        }
      });
    });
  }
});
