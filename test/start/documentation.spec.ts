import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { commandsIn } from '../support/documents.js';
import { isFull } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { describeUnless } from '../support/unless.js';

/** Not copied. What the tests were compiled to is: only what is started is compiled once more. */
const left = new Set(['node_modules', '.git', 'dist', '.keyfence']);

/** As somebody does who follows the documents, in a copy of the project; `npm ci` was done before. */
describeUnless(!isFull && 'compiles many times', 'the commands of the documents', () => {
  let folder: string;
  let url: string;
  let environment: Record<string, string>;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-documents-'));
    const filter = (path: string) => path === projectRoot || !left.has(basename(path));
    await cp(projectRoot, folder, { recursive: true, filter });
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    environment = { PORT: `${port}` };
  });
  afterAll(async () => {
    for (const child of running) await end(child);
    await rm(folder, { recursive: true, force: true });
  });

  function start(script: string, variables = environment): ChildProcess {
    const child = spawn('sh', ['-eu', '-c', script], {
      cwd: folder,
      env: cleanEnvironment(variables),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return child;
  }

  /** Stops it as Ctrl-C does, with all that it has started. */
  async function end(child: ChildProcess): Promise<void> {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || child.pid === undefined) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGINT');
    await exited;
  }

  async function run(script: string, variables = environment): Promise<string> {
    const child = start(script, variables);
    if (child.stdout === null || child.stderr === null) throw new Error('no output');
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  const isThere = (path: string) => () =>
    fetch(path).then(
      () => true,
      () => false,
    );

  let secrets: { verifier: string; key: string; manager: string; keyId: string };

  it('start the service, let an operator in, and lead through the first steps', async () => {
    const [install = '', login = '', , steps = ''] = commandsIn('README.md', {
      'http://127.0.0.1:3000': url,
    });
    expect(install).toBe('npm ci\nnpm start\n');
    running.push(start('npm start'));
    await eventually(isThere(`${url}/readyz`), 120_000);
    expect(await run(login)).toMatch(/\/sign-in#\S+/);

    const [webhook = ''] = commandsIn('docs/notifications.md');
    const named = `printf '\\n%s\\n' "$KEYFENCE_SERVICE_KEY $API_KEY $ADA_KEY $API_KEY_ID"`;
    const id = 'API_KEY_ID=$(call GET /v1/whoami "$API_KEY" | field keyId)';
    const changed = [steps, id, webhook, named].join('\n');
    const lines = (await run(changed)).trim().split('\n');
    expect(lines.join('\n')).toContain('"whsec_');
    const [verifier = '', key = '', manager = '', keyId = ''] = lines.at(-1)?.split(' ') ?? [];
    secrets = { verifier, key, manager, keyId };
  });

  it('start an example, and ask it', async () => {
    const port = await freePort();
    const given = {
      'http://127.0.0.1:3000': url,
      'http://127.0.0.1:4000': `http://127.0.0.1:${port}`,
    };
    const [example = '', curl = ''] = commandsIn('examples/README.md', given);
    const child = start(example, { PORT: `${port}`, KEYFENCE_SERVICE_KEY: secrets.verifier });
    running.push(child);
    await eventually(isThere(`http://127.0.0.1:${port}/telemetry`), 60_000);
    // Where several things are compiled meanwhile, Keyfence may take longer than the guard waits: that
    // is 503, and people ask again.
    let statuses: RegExpMatchArray | null = null;
    await eventually(async () => {
      statuses = (await run(curl, { API_KEY: secrets.key })).match(/HTTP\/1\.1 \d+/g);
      return statuses?.includes('HTTP/1.1 503') === false;
    }, 60_000);
    expect(statuses).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
    await end(child);
  });

  it('manage keys on the command line', async () => {
    const commands = commandsIn('packages/guard/README.md').at(-1) ?? '';
    const lines = commands
      .replace('https://keys.example.com', url)
      .replaceAll(/key_\w+/g, secrets.keyId)
      .replace('npx keyfence check', 'npx keyfence check < key')
      .replaceAll('npx keyfence', `node '${join(projectRoot, 'packages/guard/dist/cli/main.js')}'`)
      .replace(' --follow', '');
    const script = `printf %s '${secrets.manager}' > key\n${lines}`;
    const printed = await run(script, { KEYFENCE_KEY: secrets.manager });
    expect(printed).toMatch(
      /^Role +member$[^]*^1 member\.$[^]*"state":"revoked"[^]*^Key +Ada \([^]* key\.revoked /m,
    );
  });

  it('check the audit log, and mark a restore', async () => {
    const all = commandsIn('docs/operations.md');
    const [verify = '', expected = '', mark = ''] = all.filter((each) => /^npm run/.test(each));
    const head = /\d+:[0-9a-f]{64}/.exec(await run(verify))?.[0];
    expect(head).toBeDefined();
    await run(expected.replace(/\d+:\S+/, head ?? ''));
    for (const child of running) await end(child);
    expect(await run(mark)).toMatch(/^Marked as restored/m);
    expect(await run('npm run config')).toMatch(/^PORT=/m);
  });

  it('try to break the promise', async () => {
    const [faults = ''] = commandsIn('docs/revocation.md', {
      '--minutes 10': '--seconds 3',
      '1,2,3': '1',
    });
    const lines = faults.split('\n').filter((line) => !line.includes('--mutants'));
    expect(lines.filter((line) => line !== '')).toHaveLength(2);
    expect((await run(lines.join('\n'))).match(/^in all$/gm)).toHaveLength(2);
  });
});
