import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { postmasterPid, serversBelow } from '../embedded/fixtures/world.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';

/** Milliseconds for what compiles, on a machine that is busy. */
const compilingMs = 600_000;
const stoppingMs = 60_000;

const left = new Set(['node_modules', '.git', 'dist', '.build', '.keyfence', 'docs', 'test']);

describe('npm run start:dev, in a copy of the project', () => {
  let folder: string;
  let url: string;
  let npm: ChildProcess & { pid: number };
  let output: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-dev-'));
    const filter = (path: string) => path === projectRoot || !left.has(basename(path));
    await cp(projectRoot, folder, { recursive: true, filter });
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    url = `http://127.0.0.1:${await freePort()}`;
  });
  afterEach(() => {
    if (isRunning()) process.kill(-npm.pid, 'SIGKILL');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const dataDir = () => join(folder, '.keyfence');

  async function start(): Promise<void> {
    const child = spawn('npm', ['run', 'start:dev'], {
      cwd: folder,
      env: cleanEnvironment({ PORT: new URL(url).port }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid === undefined) throw new Error('npm could not be started');
    npm = Object.assign(child, { pid: child.pid });
    output = '';
    const read = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    await logged('Keyfence is ready');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  }

  /** Waits for a line of the service's log. */
  const logged = (message: string) =>
    eventually(() => {
      if (!isRunning()) throw new Error(`npm run start:dev has ended:\n${output}`);
      return output.includes(`"msg":"${message}"`);
    }, compilingMs);

  /** Whether any process is left of those that npm has started. PostgreSQL is in a group of its own. */
  function isRunning(): boolean {
    try {
      process.kill(-npm.pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  async function expectNothingLeft(): Promise<void> {
    await eventually(() => !isRunning(), stoppingMs);
    expect(await serversBelow(folder)).toEqual([]);
  }

  it('restarts the service after a change and leaves the database alone; Ctrl-C ends all', async () => {
    await start();
    expect(output).toContain('The console is built once');
    const before = await postmasterPid(dataDir());
    const serve = join(folder, 'src', 'serve.ts');
    const text = await readFile(serve, 'utf8');
    const changed = text.replaceAll("'Keyfence is ready'", "'Keyfence is ready again'");
    // Otherwise the test would wait for a line that nothing writes.
    expect(changed).not.toBe(text);
    await writeFile(serve, changed);
    await logged('Keyfence is ready again');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await postmasterPid(dataDir())).toBe(before);
    expect(output).not.toContain('Postgres is gone');

    process.kill(-npm.pid, 'SIGINT');
    await expectNothingLeft();
  });

  it('ends all on SIGTERM to npm alone', async () => {
    await writeFile(
      join(folder, 'src', 'serve.ts'),
      await readFile(join(projectRoot, 'src', 'serve.ts')),
    );
    await start();
    npm.kill('SIGTERM');
    await expectNothingLeft();
  });
});
