import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { blocksOf, commandsIn, readPage } from '../support/documents.js';
import { noGo, noPython } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startProgram } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';
import { itUnless } from '../support/unless.js';

const page = 'docs/protect-a-service.md';

/** Programs of examples/, whose parts the page shows. */
const wholes = { python: 'examples/python-service/server.py', go: 'examples/go-service/main.go' };

describe('the first hour of a developer, with the code of the documents', () => {
  let service: Service;
  let org: Organisation;
  let folder: string;
  let environment: { KEYFENCE_URL: string; KEYFENCE_SERVICE_KEY: string };

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    const operators = await operatorOrgId(service);
    const { body } = await service.operator.post(`/v1/orgs/${operators}/keys`, {
      name: 'my service',
      scope: 'read',
      permissions: ['verify:read'],
    });
    environment = { KEYFENCE_URL: service.url, KEYFENCE_SERVICE_KEY: body.secret as string };
    folder = await mkdtemp(join(tmpdir(), 'keyfence-developer-'));
    // The package is not published: it is taken from this project.
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a protected service responds to a valid key, to others, and after a revoke. */
  async function expectProtected(url: string): Promise<void> {
    const ask = async (secret?: string) => {
      const headers = new Headers(
        secret === undefined ? {} : { authorization: `Bearer ${secret}` },
      );
      const response = await fetch(`${url}/telemetry`, { headers });
      return { status: response.status, body: (await response.json()) as object };
    };
    const unauthenticated = { status: 401, body: { code: 'unauthenticated' } };
    expect(await ask()).toMatchObject(unauthenticated);
    expect(await ask(`kf_${'A'.repeat(42)}`)).toMatchObject(unauthenticated);
    const { id, secret } = await createKey(org.member, org);
    const whose = { status: 200, body: { organisation: org.id } };
    for (let n = 0; n < 3; n += 1) expect(await ask(secret)).toMatchObject(whose);
    const input = { scope: 'read-write', permissions: ['telemetry:write'] };
    const other = await createKey(org.member, org, input);
    expect(await ask(other.secret)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_permission', permission: 'telemetry:read' },
    });
    await org.manager.delete(org.path(`/keys/${id}`));
    expect(await ask(secret)).toMatchObject(unauthenticated);
  }

  it('protects a route of Express with the lines of the README', async () => {
    const route = /^app\.get\([^]*?^\}\);$/m;
    const [program = ''] = blocksOf(readPage('packages/guard/README.md'), 'js');
    const [lines = ''] = blocksOf(readPage('README.md'), 'js');
    expect({ program, lines }).toEqual({
      program: expect.stringMatching(route),
      lines: expect.stringMatching(route),
    });
    await writeFile(join(folder, 'service.mjs'), program.replace(route, lines));
    const port = `${await freePort()}`;
    const url = `http://127.0.0.1:${port}`;
    const running = startProgram(folder, [process.execPath, 'service.mjs'], {
      ...environment,
      PORT: port,
    });
    try {
      const listens = eventually(() => fetch(url).catch(() => false as const));
      await Promise.race([listens, running.ended]);
      await expectProtected(url);
    } finally {
      await running.stop();
    }
  });

  it('asks in any language, as the page writes the request', async () => {
    const [request = ''] = blocksOf(readPage(page), '');
    const nonce = 'A1b2_C3d4-E5f6_G7h8';
    /** Sends the request of the page for this key, and with these changes. */
    const ask = async (secret: string, changes: Record<string, string> = {}) => {
      const given = {
        '<the service key>': environment.KEYFENCE_SERVICE_KEY,
        '<16 to 64 random characters of base64url>': nonce,
        '<the key of the client>': secret,
        ...changes,
      };
      let text = request;
      for (const [from, to] of Object.entries(given)) text = text.replace(from, to);
      const [head = '', body = ''] = text.trim().split('\n\n');
      const [line = '', ...fields] = head.split('\n');
      const [method = '', path = ''] = line.split(' ');
      const headers = fields.map((field) => field.split(': ') as [string, string]);
      const response = await fetch(service.url + path, { method, headers, body });
      expect(response.headers.get('x-keyfence-nonce')).toBe(nonce);
      expect(response.status).toBe(200);
      return ((await response.json()) as { code: string }).code;
    };
    const { id, secret } = await createKey(org.member, org, { allowedIps: ['192.0.2.0/24'] });
    expect(await ask(secret)).toBe('VALID');
    const write = { 'telemetry:read': 'telemetry:write' };
    expect(await ask(secret, write)).toBe('INSUFFICIENT_PERMISSION');
    expect(await ask(secret, { '192.0.2.7': '198.51.100.7' })).toBe('IP_NOT_ALLOWED');
    await org.manager.delete(org.path(`/keys/${id}`));
    expect(await ask(secret)).toBe('INVALID');
  });

  it('finds the code of the page in the examples', () => {
    for (const [language, whole] of Object.entries(wholes)) {
      const blocks = blocksOf(readPage(page), language);
      expect(blocks).toHaveLength(2);
      // In Python two empty lines are between functions, which are not neighbours in the program.
      const parts = blocks.flatMap((block) => block.split('\n\n\n'));
      for (const part of parts) expect(readPage(whole)).toContain(part);
    }
  });

  /** Runs commands as in a terminal, until they say where they listen. */
  function startWith(commands: string) {
    const child = spawn('bash', ['-euc', commands], {
      cwd: projectRoot,
      env: cleanEnvironment({ ...environment, PORT: '0', CGO_ENABLED: '0' }),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { pid } = child;
    if (pid === undefined) throw new Error('no bash');
    const exited = once(child, 'exit');
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    // The first start of the second one compiles its library.
    const listening = () => /Listening on (http:\S+)/.exec(lines.join('\n'))?.[1];
    const stop = async () => {
      const isOver = child.exitCode !== null || child.signalCode !== null;
      // What the commands have started as well.
      if (!isOver) process.kill(-pid, 'SIGTERM');
      await exited;
    };
    const early = exited.then(() => {
      throw new Error(`it ended:\n${lines.join('\n')}`);
    });
    early.catch(() => undefined);
    return { stop, url: () => Promise.race([eventually(listening, 600_000), early]) };
  }

  const [python = '', go = ''] = commandsIn('examples/README.md').slice(2);
  for (const [language, missing, commands] of [
    ['Python', noPython, python],
    ['Go', noGo, go],
  ] as const) {
    itUnless(missing, `starts the example in ${language}`, async () => {
      const example = startWith(commands);
      try {
        await expectProtected(await example.url());
      } finally {
        await example.stop();
      }
    });
  }
});
