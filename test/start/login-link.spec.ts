import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { cleanEnvironment, startProcess, type ServiceProcess } from '../support/process.js';
import { sameOrigin } from '../support/sessions.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../src/cli/login-link.js', import.meta.url));

describe('npm run login-link', () => {
  let database: Database;
  let dataDir: string;
  let environment: Record<string, string>;
  let service: ServiceProcess;
  let operator: Caller;

  beforeAll(async () => {
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
  afterAll(async () => {
    await service.end('SIGTERM');
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const print = (...args: string[]) => printWith({}, ...args);
  const printWith = (variables: Record<string, string>, ...args: string[]) =>
    run(process.execPath, [script, ...args], {
      // PORT is of another service, as it is when the default port was taken.
      env: cleanEnvironment({ ...environment, PORT: '1', ...variables }),
    });

  it('prints a link that signs the person in, at the address where the service is', async () => {
    const { stdout } = await print('Ada@Example.com');
    const [, url, token] = /(http:\/\/\S+)\/sign-in#(\S+)/.exec(stdout) ?? [];
    expect(url).toBe(service.url);
    const browser = new Caller(service.url, []);
    const response = await browser.post('/v1/session', { token }, sameOrigin(service.url));
    expect(response.body.user).toMatchObject({ email: 'ada@example.com' });
    expect(service.output()).not.toContain(token);
  });

  it('has the address that KEYFENCE_PUBLIC_URL says, where it is set', async () => {
    const publicUrl = 'https://keys.example.com';
    const { stdout } = await printWith({ KEYFENCE_PUBLIC_URL: publicUrl }, 'ada@example.com');
    expect(stdout).toContain(`${publicUrl}/sign-in#`);
  });

  it('says what it takes for the address while no service runs, or after one was killed', async () => {
    const elsewhere = join(dataDir, 'elsewhere');
    const variables = { KEYFENCE_DATA_DIR: elsewhere };
    const expectGuess = async () => {
      const { stdout, stderr } = await printWith(variables, 'ada@example.com');
      expect(stdout).toContain('http://127.0.0.1:1/sign-in#');
      expect(stderr).toContain(
        `No service runs on the data in ${elsewhere}: the link is for http://127.0.0.1:1\n`,
      );
    };
    await expectGuess();
    const other = await startProcess({ ...environment, ...variables });
    const { stdout } = await printWith(variables, 'ada@example.com');
    expect(stdout).toContain(`${other.url}/sign-in#`);
    await other.end('SIGKILL');
    expect(await readFile(join(elsewhere, 'address'), 'utf8')).toBe(`${other.url}\n`);
    await expectGuess();
  });

  it('a clean stop removes the address, unless another process has written its own', async () => {
    const elsewhere = join(dataDir, 'shared');
    const file = join(elsewhere, 'address');
    const variables = { ...environment, KEYFENCE_DATA_DIR: elsewhere };
    const first = await startProcess(variables);
    const second = await startProcess(variables);
    await first.end('SIGTERM');
    expect(await readFile(file, 'utf8')).toBe(`${second.url}\n`);
    await second.end('SIGTERM');
    expect(existsSync(file)).toBe(false);
  });

  it('prints no more than the link: no line of the log, no hash', async () => {
    const { stdout, stderr } = await print('ada@example.com');
    expect(stdout).toMatch(/^\n {2}http:\S+\n\n {2}Works once, within 15 minutes\.\n\n$/);
    expect(stderr).toBe('');
  });

  it('lets the first operator in', async () => {
    const tokenIn = ({ stdout }: { stdout: string }) => /sign-in#(\S+)/.exec(stdout)?.[1];
    const signIn = async (token: string | undefined) => {
      const browser = new Caller(service.url, []);
      const response = await browser.post('/v1/session', { token }, sameOrigin(service.url));
      return response.body as { organisations: { kind: string; permissions: string[] }[] };
    };
    for (let time = 0; time < 2; time += 1) {
      const token = tokenIn(await print('grace@example.com', '--operator'));
      const { organisations } = await signIn(token);
      expect(organisations).toHaveLength(1);
      expect(organisations[0]?.kind).toBe('operator');
      expect(organisations[0]?.permissions).toContain('orgs:admin');
    }
    const { orgId } = (await operator.get('/v1/whoami')).body as { orgId: string };
    const recorded = await operator.get(`/v1/orgs/${orgId}/audit-events?action=member.added`);
    const addresses = (recorded.body.items as { after: { email?: string } }[]).map(
      (event) => event.after.email,
    );
    expect(addresses).toEqual(['grace@example.com', undefined]);
    const recordedActions = async (query: string) => {
      const { body } = await operator.get(`/v1/orgs/${orgId}/audit-events?${query}`);
      return (body.items as { action: string; actor: { kind: string }; after: object }[]).map(
        ({ action, actor, after: state }) => ({ action, kind: actor.kind, state }),
      );
    };
    expect(await recordedActions('action=user.created&limit=1')).toEqual([
      {
        action: 'user.created',
        kind: 'system',
        state: { email: 'grace@example.com', name: 'grace@example.com' },
      },
    ]);
    const printed = { action: 'user.link_made', kind: 'system', state: { by: 'command' } };
    expect(await recordedActions('action=user.link_made&limit=2')).toEqual([printed, printed]);
  });

  it('says whom it knows nothing of, and ends with code 1', async () => {
    await expect(print('nobody@example.com')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No active person has the address nobody@example.com.\n'),
    });
  });
});
