import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment, startProcess } from '../support/process.js';
import { describeUnless } from '../support/unless.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const secret = 'a secret of at least thirty-two characters';

describeUnless(process.platform !== 'linux' && 'needs script of util-linux', 'a start', () => {
  let database: Database;
  let dataDir: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'keyfence-banner-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: secret,
      KEYFENCE_DATA_DIR: dataDir,
      PORT: '0',
    };
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** What it prints at a terminal until it is stopped with Ctrl-C. */
  async function atTerminal(variables: Record<string, string> = {}): Promise<string> {
    const child = spawn('script', ['-qec', `exec ${process.execPath} ${main}`, '/dev/null'], {
      env: cleanEnvironment({ ...environment, TERM: 'dumb', ...variables }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const exited = once(child, 'exit');
    await eventually(() => output.includes('prints a link'), 180_000);
    child.stdin.write('\x03');
    expect(await exited).toEqual([0, null]);
    return output.replaceAll('\r\n', '\n');
  }

  const loggedFields = async () => {
    const service = await startProcess(environment);
    await service.end('SIGTERM');
    const line = service
      .output()
      .split('\n')
      .find((text) => text.includes('"Keyfence is ready"'));
    const { time, level, msg, ...fields } = JSON.parse(line ?? '{}') as Record<string, unknown>;
    expect([typeof time, level, msg]).toEqual(['number', 30, 'Keyfence is ready']);
    for (const text of service.output().trim().split('\n')) JSON.parse(text);
    expect(service.output()).not.toMatch(/kf_[0-9A-Za-z]{42}/);
    return { url: service.url, fields };
  };

  const keyFile = () => join(dataDir, 'operator-key');
  const shown = () => new URL(database.url).pathname;

  it('says at a terminal where the console, the docs and the data are, and what comes next', async () => {
    const output = await atTerminal();
    const key = (await readFile(keyFile(), 'utf8')).trim();
    const [, url = ''] = /^ {2}Console +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output) ?? [];
    const rows = output.slice(output.indexOf('Keyfence is ready'));
    expect(rows).toContain(`\n  API           ${url}/docs\n`);
    expect(rows).toMatch(new RegExp(`\n  Data          postgres\\S+${shown()}\\S*\n`));
    expect(rows).toContain(`\n  Operator key  ${key} (shown once)\n`);
    expect(rows).toContain(`\n                in ${keyFile()} until it is first used\n`);
    expect(rows).toContain(
      '\n  Next          node dist/cli/login-link.js you@example.com --operator\n',
    );
  });

  it('says the same at the next one, without the key, as npm is called where npm is there', async () => {
    const output = await atTerminal({ npm_lifecycle_event: 'start' });
    expect(output).toContain(
      `\n  Operator key  in ${keyFile()} until it is first used\n` +
        '  Next          npm run login-link -- you@example.com --operator\n',
    );
    expect(output).not.toMatch(/kf_[0-9A-Za-z]{42}/);
  });

  it('says it in fields of one line where the log is collected', async () => {
    const { url, fields } = await loggedFields();
    expect(fields).toEqual({
      console: url,
      docs: `${url}/docs`,
      data: expect.stringContaining(shown()),
      operatorKeyFile: keyFile(),
      next: 'node dist/cli/login-link.js you@example.com --operator',
      url,
    });
  });

  it('names no file with the operator key once that was used', async () => {
    const key = (await readFile(keyFile(), 'utf8')).trim();
    const service = await startProcess(environment);
    const holder = new Caller(service.url, [], key);
    // On a busy machine the first response can take longer than a request waits for.
    await eventually(async () => (await holder.get('/v1/whoami')).status === 200);
    await eventually(() =>
      readFile(keyFile()).then(
        () => false,
        () => true,
      ),
    );
    await service.end('SIGTERM');
    expect((await loggedFields()).fields).not.toHaveProperty('operatorKeyFile');
    expect(await atTerminal()).not.toContain('Operator key');
  });
});
