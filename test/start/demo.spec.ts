import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { serversBelow } from '../embedded/fixtures/world.js';
import { Caller } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment } from '../support/process.js';
import { Browser, cookieOf, sameOrigin } from '../support/sessions.js';

const script = fileURLToPath(new URL('../../src/cli/demo.js', import.meta.url));
const timeoutMs = 300_000;

describe('npm run demo', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'keyfence-demo-')));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function launch() {
    // None of these may be touched.
    const ofAnother = {
      DATABASE_URL: 'postgres://keyfence@127.0.0.1:1/production',
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      KEYFENCE_PUBLIC_URL: 'https://keys.example.com',
      KEYFENCE_DATA_DIR: join(folder, 'production'),
    };
    const child = spawn(process.execPath, [script], {
      cwd: folder,
      env: cleanEnvironment({ PORT: '0', ...ofAnother }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const read = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const exited = once(child, 'close');
    return { child, exited, output: () => output };
  }

  /** Until it prints how to sign in. */
  async function start() {
    const demo = launch();
    await eventually(() => {
      if (demo.child.exitCode !== null) throw new Error(demo.output());
      return demo.output().includes('Ctrl-C stops the demo');
    }, timeoutMs);
    const [, url = ''] = /The demo is ready at (http:\S+?)\. /.exec(demo.output()) ?? [];
    const links = [...demo.output().matchAll(/http:\S+\/sign-in#(\S+)/g)].map(([, token]) => token);
    const [manager, operator] = await Promise.all(links.map((token) => signIn(url, token)));
    if (manager === undefined || operator === undefined) throw new Error(demo.output());
    return { ...demo, manager, operator };
  }

  async function signIn(url: string, token: string | undefined): Promise<Browser> {
    const nobody = new Caller(url, []);
    const response = await nobody.post('/v1/session', { token }, sameOrigin(url));
    expect(response.status).toBe(200);
    return new Browser(nobody, url, cookieOf(response));
  }

  async function stop({ child, exited }: ReturnType<typeof launch>): Promise<void> {
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(await serversBelow(folder)).toEqual([]);
  }

  const orgOf = async (browser: Browser) => {
    const { body } = await browser.get('/v1/session');
    return (body.organisations as { id: string; name: string }[])[0] ?? { id: '', name: '' };
  };

  it('fills data of its own, and prints how a manager and an operator sign in', async () => {
    const demo = await start();
    const org = await orgOf(demo.manager);
    expect(org.name).toBe('Tidewater Energy');
    const keys = (await demo.manager.get(`/v1/orgs/${org.id}/keys?limit=100`)).body.items as {
      id: string;
      name: string;
      state: string;
    }[];
    expect(keys.map(({ state }) => state).sort()).toEqual([
      ...Array.from({ length: 6 }, () => 'active'),
      ...['expired', 'revoked'],
    ]);
    const used = keys.find(({ name }) => name === 'Grafana')?.id ?? '';
    const usage = await demo.manager.get(`/v1/orgs/${org.id}/keys/${used}/usage`);
    const days = usage.body.days as { uses: number }[];
    expect(days.filter(({ uses }) => uses > 0).length).toBeGreaterThan(25);
    const all = (await demo.operator.get('/v1/orgs')).body.items as { slug: string }[];
    expect(all.map(({ slug }) => slug)).toEqual(
      expect.arrayContaining(['tidewater', 'blue-harbour']),
    );
    expect(await readdir(folder)).toEqual(['.keyfence-demo']);
    await stop(demo);
  });

  it('starts again on the same data', async () => {
    const demo = await start();
    expect(demo.output()).not.toContain('Making organisations');
    const second = launch();
    expect(await second.exited).toEqual([1, null]);
    expect(second.output()).toMatch(/^The demo runs already, at http:\S+\n$/);
    await stop(demo);
  });

  it('makes data that were cut off again', async () => {
    await writeFile(join(folder, '.keyfence-demo', 'demo'), 'unfinished');
    const demo = await start();
    expect(demo.output()).toContain('Making organisations');
    await stop(demo);
  });

  it('leaves a folder alone that it has not made', async () => {
    await rm(join(folder, '.keyfence-demo'), { recursive: true });
    await mkdir(join(folder, '.keyfence-demo'));
    const demo = launch();
    expect(await demo.exited).toEqual([1, null]);
    expect(demo.output()).toBe(
      `${join(folder, '.keyfence-demo')} was not made by this command. Move it away first.\n`,
    );
    expect(await readdir(join(folder, '.keyfence-demo'))).toEqual([]);
  });
});
