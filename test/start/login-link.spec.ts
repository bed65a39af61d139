import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'expect';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { cleanEnvironment, startProcess, type ServiceProcess } from '../support/process.js';
import { sameOrigin } from '../support/sessions.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../src/login-link.js', import.meta.url));

describe('npm run login-link', () => {
  let database: Database;
  let dataDir: string;
  let environment: Record<string, string>;
  let service: ServiceProcess;
  let operator: Caller;

  before(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-login-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      KEYFENCE_DATA_DIR: dataDir,
    };
    service = await startProcess(environment);
    const key = (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
    operator = new Caller(service.url, [], key);
    await operator.post('/v1/users', { email: 'ada@example.com', name: 'Ada' });
  });
  after(async () => {
    await service.end('SIGTERM');
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const print = (...args: string[]) =>
    run(process.execPath, [script, ...args], {
      env: cleanEnvironment({ ...environment, PORT: new URL(service.url).port }),
    });

  it('prints a link that signs the person in, at the address where the service is', async () => {
    const { stdout } = await print('Ada@Example.com');
    const [, url, token] = /(http:\/\/localhost:\d+)\/sign-in#(\S+)/.exec(stdout) ?? [];
    expect(new URL(url ?? '').port).toBe(new URL(service.url).port);
    const browser = new Caller(service.url, []);
    const answer = await browser.post('/v1/session', { token }, sameOrigin(service.url));
    expect(answer.body.user).toMatchObject({ email: 'ada@example.com' });
    expect(service.output()).not.toContain(token);
  });

  it('lets the first operator in', async () => {
    const tokenIn = ({ stdout }: { stdout: string }) => /sign-in#(\S+)/.exec(stdout)?.[1];
    const signIn = async (token: string | undefined) => {
      const browser = new Caller(service.url, []);
      const answer = await browser.post('/v1/session', { token }, sameOrigin(service.url));
      return answer.body as { organisations: { kind: string; permissions: string[] }[] };
    };
    for (let time = 0; time < 2; time += 1) {
      const token = tokenIn(await print('grace@example.com', '--operator'));
      const { organisations } = await signIn(token);
      expect(organisations).toHaveLength(1);
      expect(organisations[0]?.kind).toBe('operator');
      expect(organisations[0]?.permissions).toContain('orgs:admin');
    }
    const { orgId } = (await operator.get('/v1/whoami')).body as { orgId: string };
    const told = await operator.get(`/v1/orgs/${orgId}/audit-events?action=member.added`);
    const addresses = (told.body.items as { after: { email?: string } }[]).map(
      (event) => event.after.email,
    );
    expect(addresses).toEqual(['grace@example.com', undefined]);
  });

  it('says whom it knows nothing of, and ends with code 1', async () => {
    await expect(print('nobody@example.com')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('No active person has the address nobody@example.com.'),
    });
    await expect(print('nobody', '--operator')).rejects.toMatchObject({ code: 1 });
    await expect(print()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('npm run login-link -- ada@example.com'),
    });
  });
});
