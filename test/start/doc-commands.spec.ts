import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import { parse } from 'yaml';
import { Caller } from '../support/client.js';
import { asCompiled, blocksOf, commandsIn, inTerminal, readPage } from '../support/documents.js';
import { createDatabase, type Database } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startProgram } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { projectRoot } from '../support/project.js';

const here = 'start/doc-commands.spec.ts';
const documents = 'start/documentation.spec.ts';
const operator = 'console/operator-first-hour.spec.ts';
const developer = 'console/developer-first-hour.spec.ts';

/** The first line of each block of commands in a document, and the test that runs the block. */
const runBy: Record<string, Record<string, string>> = {
  'README.md': {
    'npm ci': documents,
    'npm run login-link -- you@example.com --operator': documents,
    'npm run demo': 'start/demo.spec.ts',
    'URL=http://127.0.0.1:3000': documents,
    'npm run start:dev': 'start/start-dev.spec.ts',
  },
  'docs/notifications.md': { 'call POST "/v1/orgs/$ORG/webhooks" "$ADA_KEY"': documents },
  'docs/operations.md': {
    'curl -s -X PATCH $URL/v1/installation': here,
    'npm run audit:verify': documents,
    'npm run audit:verify -- --expect': documents,
    'pg_dump --format=custom': 'start/backup.spec.ts',
    'pg_restore --exit-on-error': 'start/backup.spec.ts',
    'npm run restore-mark': documents,
  },
  'docs/quick-start.md': {
    'export KEYFENCE_SECRET=$(openssl rand -hex 32)': here,
    'npm ci': here,
    'docker compose exec api-1 node dist/cli/login-link.js': here,
    'npm run login-link -- you@example.com --operator': operator,
    'export KEYFENCE_URL=http://127.0.0.1:3000': operator,
    'export KEYFENCE_SERVICE_KEY=kf_…': operator,
  },
  'docs/revocation.md': { 'npm run faults -- --minutes 10 --seeds 1,2,3': documents },
  'docs/rotation.md': { 'npx keyfence create --name "nightly export, November"': here },
  'docs/troubleshooting.md': {
    'curl -i "$KEYFENCE_URL/v1/whoami"': here,
    'npm run operator-key': here,
    'docker compose exec api-1 node dist/cli/operator-key.js': here,
    'npm run login-link -- ada@example.com': here,
    'PORT=3100 npm start': here,
  },
  'examples/README.md': {
    'export KEYFENCE_URL=http://127.0.0.1:3000': documents,
    "curl -i -w '\\n' http://127.0.0.1:4000/telemetry": documents,
    'python3 examples/python-service/server.py': developer,
    '(cd examples/go-service && go run .)': developer,
  },
  'packages/guard/README.md': {
    'npm install @keyfence/guard': 'guard/package.full.spec.ts',
    'export KEYFENCE_URL=https://keys.example.com': documents,
  },
};

const pagesBelow = (folder: string) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/(^|\/)node_modules\//.test(name))
    .map((name) => `${folder}/${name}`);
const pages = ['README.md', ...['docs', 'examples', 'packages'].flatMap(pagesBelow)];

/** Begins like something to type into a terminal. */
const isCommand =
  /^(export |(\w+=\S+ )?(npm|npx|node|docker|curl|go|python3|cd|psql|pg_dump|git|openssl) )/m;

describe('the commands of the documents', () => {
  it('are all in blocks that say so', () => {
    const unmarked = pages.flatMap((page) =>
      ['', 'bash', 'shell', 'console']
        .flatMap((language) => blocksOf(readPage(page), language))
        .filter((block) => isCommand.test(block))
        .map((block) => `${page}: ${block}`),
    );
    expect(unmarked).toEqual([]);
  });

  it('are all run by a test', () => {
    for (const page of pages) {
      const claimed = Object.entries(runBy[page] ?? {});
      const blocks = commandsIn(page);
      const unclaimed = blocks.filter((block, n) => !block.startsWith(claimed[n]?.[0] ?? '\0'));
      expect({ page, unclaimed, count: claimed.length }).toEqual({
        page,
        unclaimed: [],
        count: blocks.length,
      });
      for (const [command, spec] of claimed) {
        const test = readFileSync(join(projectRoot, 'test', spec), 'utf8');
        const isNamed = test.includes(page) || test.includes(command);
        expect({ page, command, spec, isNamed }).toMatchObject({ isNamed: true });
      }
    }
    expect(pages).toEqual(expect.arrayContaining(Object.keys(runBy)));
  });

  const { scripts } = JSON.parse(readPage('package.json')) as { scripts: object };

  it('name scripts that package.json has', () => {
    const names = pages.flatMap((page) =>
      [...readPage(page).matchAll(/\bnpm run (\w[\w:-]*)/g)].map(([, name = '']) => name),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it('name services and programs that containers have', () => {
    const code = /^```sh\n[^]*?^```|`[^`\n]+`/gm;
    const commands = pages
      .flatMap((page) => readPage(page).match(code) ?? [])
      .flatMap((each) => each.match(/\bdocker compose [^`\n]+/g) ?? []);
    expect(commands.length).toBeGreaterThan(0);
    expect([...new Set(commands)].filter((command) => !isInContainers(command))).toEqual([]);
  });
});

interface ComposeFile {
  services: Record<string, { build?: string; volumes?: string[] } | undefined>;
}

/** Whether `docker-compose.yml` and the image have what a command names. */
function isInContainers(command: string): boolean {
  const { services } = parse(readPage('docker-compose.yml'), { merge: true }) as ComposeFile;
  if (/^docker compose up( --build)?$/.test(command)) {
    return Object.values(services).some((each) => each?.build === '.');
  }
  const [, name = '', program = ''] = /^docker compose exec (\S+) (.+)$/.exec(command) ?? [];
  const service = services[name];
  const [, script] = /^node dist\/(cli\/[\w-]+)\.js\b/.exec(program) ?? [];
  if (script !== undefined) {
    return service?.build === '.' && existsSync(join(projectRoot, 'src', `${script}.ts`));
  }
  const isOnVolume = service?.volumes?.includes('keyfence:/data') === true;
  const isDataDir = readPage('Dockerfile').includes('KEYFENCE_DATA_DIR=/data');
  return program === 'cat /data/operator-key' && isOnVolume && isDataDir;
}

describe('commands of the documents, beside a running service', () => {
  let database: Database;
  let folder: string;
  let environment: Record<string, string>;
  let service: ServiceProcess;
  let key: string;
  let org: Organisation;

  beforeAll(async () => {
    database = await createDatabase();
    folder = await mkdtemp(join(tmpdir(), 'keyfence-commands-'));
    environment = {
      DATABASE_URL: database.url,
      KEYFENCE_SECRET: 'a secret of at least thirty-two characters',
      KEYFENCE_DATA_DIR: join(folder, '.keyfence'),
    };
    service = await startProcess(environment);
    key = await operatorKey();
    org = await createOrganisation({ operator: as(key), as });
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const as = (secret: string) => new Caller(service.url, [], secret);
  const operatorKey = async () =>
    (await readFile(join(folder, '.keyfence', 'operator-key'), 'utf8')).trim();

  /** The block that begins like this. */
  function block(page: string, start: string): string {
    const found = commandsIn(page).find((each) => each.startsWith(start));
    if (found === undefined) throw new Error(`${page} has no commands that begin with ${start}`);
    return found;
  }

  const type = (script: string, variables: Record<string, string> = {}) =>
    inTerminal(folder, script, { ...environment, KEYFENCE_URL: service.url, ...variables });

  const troubleshooting = 'docs/troubleshooting.md';

  it('asks whether the service key works', async () => {
    const ask = block(troubleshooting, 'curl');
    expect(await type(ask, { KEYFENCE_SERVICE_KEY: org.member.key })).toMatch(
      /^HTTP\/1\.1 200 [^]*"expiresAt":/,
    );
    expect(await type(ask, { KEYFENCE_SERVICE_KEY: 'kf_wrong' })).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('asks whether the service runs, and can use its database', async () => {
    const [...asked] = readPage(troubleshooting).matchAll(/`(curl -i http[^`]+)`/g);
    expect(asked.map(([, command]) => command)).toHaveLength(2);
    for (const [, command = ''] of asked) {
      const here = command.replace('http://127.0.0.1:3000', service.url);
      expect(await type(here)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it('makes a new operator with a key', async () => {
    await rm(join(folder, '.keyfence', 'operator-key'), { force: true });
    await type(block(troubleshooting, 'npm run operator-key'));
    const made = await operatorKey();
    expect(made).not.toBe(key);
    expect((await as(made).get('/v1/orgs')).status).toBe(200);
  });

  it('prints a sign-in link to pass on', async () => {
    const print = block(troubleshooting, 'npm run login-link');
    const email = 'ada@example.com';
    await org.manager.post(org.path('/members'), { email, name: 'Ada', role: 'member' });
    expect(await type(print)).toContain(`${service.url}/sign-in#`);
  });

  it('starts on another port', async () => {
    const port = `${await freePort()}`;
    const start = asCompiled(block(troubleshooting, 'PORT=').replace('3100', port));
    const program = startProgram(folder, ['bash', '-c', `exec env ${start}`], {
      ...environment,
      KEYFENCE_DATA_DIR: join(folder, 'other'),
    });
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      await Promise.race([eventually(isReady, 180_000), program.ended]);
    } finally {
      await program.stop();
    }
  });

  it('prints the settings', async () => {
    expect(readPage('docs/production.md')).toContain('`npm run config`');
    expect(await type('npm run config')).toMatch(/^PORT=/m);
  });

  it('says that all nodes are upgraded', async () => {
    const say = block('docs/operations.md', 'curl');
    const said = await type(say, { URL: service.url, KEYFENCE_KEY: key });
    expect(JSON.parse(said)).toMatchObject({ knowsDataOnlyKeys: true });
  });

  it('rotates a key on the command line', async () => {
    const old = await createKey(org.manager, org, { name: 'nightly export, October' });
    const [create = '', ...rest] = block('docs/rotation.md', 'npx keyfence create').split('\n');
    const variables = { KEYFENCE_KEY: org.manager.key };
    expect(await type(create, variables)).toMatch(/kf_[0-9A-Za-z]{42}/);
    const then = rest.join('\n').replace('key_…', old.id);
    expect(await type(then, variables)).toContain('nightly export, November');
    const { body } = await org.manager.get(org.path(`/keys/${old.id}`));
    expect(body).toMatchObject({ state: 'revoked', revokeReason: 'rotated' });
  });

  it('starts with Docker or without, as far as there are no containers here', async () => {
    const [docker = '', without] = commandsIn('docs/quick-start.md');
    const [up, ...secret] = docker.trim().split('\n').reverse();
    expect(up).toBe('docker compose up --build');
    expect(await type(secret.reverse().join('\n'))).toMatch(/^[0-9a-f]{64}\n$/);
    // documentation.spec.ts runs those of the README.
    expect(without).toBe(commandsIn('README.md')[0]);
  });
});
