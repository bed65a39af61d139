import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Client } from 'pg';
import type { Settings } from '../src/config/settings.js';
import { startEmbeddedServer } from '../src/database/embedded/embedded-server.js';
import { withPreparedDatabase } from '../src/database/migrate.js';
import { projectRoot } from './support/project.js';

/**
 * Runs the tests on the server of DATABASE_URL, or on an embedded one of their own.
 *
 * Arguments: `--full` for the larger counts; anything else selects the files whose path has it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
const processes = 8;

async function testFiles(): Promise<string[]> {
  const all = await readdir(root, { recursive: true });
  // The compiler leaves the output of files that were moved or deleted.
  const hasSource = (file: string) => existsSync(join(projectRoot, file.replace(/js$/, 'ts')));
  return all
    .filter((file) => file.endsWith('.spec.js') && hasSource(file))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort()
    .map((file) => join(root, file));
}

/**
 * Loading the service takes longer than most files that speak HTTP to it: those share processes.
 * Each still has a service and a database of its own.
 */
async function shareProcesses(files: string[]): Promise<string[]> {
  const isShared = (file: string) => file.includes(`${sep}http${sep}`);
  const shared = files.filter(isShared);
  const folder = join(root, 'bundles');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const bundles = Array.from({ length: Math.min(processes, shared.length) }, (_, n) => ({
    path: join(folder, `http-${n}.js`),
    members: shared.filter((_file, index) => index % processes === n),
  }));
  for (const { path, members } of bundles) {
    const imports = members.map((file) => `import '${pathToFileURL(file).href}';\n`);
    await writeFile(path, imports.join(''));
  }
  return [...bundles.map(({ path }) => path), ...files.filter((file) => !isShared(file))];
}

interface Server {
  url: string;
  /** For tests of what even a superuser cannot do. */
  adminUrl: string;
  close: () => Promise<void>;
}

async function openServer(): Promise<Server> {
  const { DATABASE_URL: given } = process.env;
  if (given !== undefined && given !== '') {
    return { url: given, adminUrl: given, close: () => Promise.resolve() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-tests-'));
  const progress = (line: string) => {
    console.log(line);
  };
  const server = await startEmbeddedServer({ dataDir, progress });
  const passwords = await readFile(join(dataDir, 'postgres', 'passwords'), 'utf8');
  const admin = new URL(server.url);
  admin.username = 'postgres';
  admin.password = passwords.split('\n')[0] ?? '';
  const close = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, adminUrl: admin.toString(), close };
}

/** Databases of tests are copies of one that has the schema already. */
async function createTemplate({
  url,
  adminUrl,
}: Server): Promise<{ name: string; drop: () => Promise<void> }> {
  const name = `keyfence_test_${randomBytes(4).toString('hex')}`;
  await onServer(url, (client) => client.query(`CREATE DATABASE ${name}`));
  const template = new URL(url);
  template.pathname = `/${name}`;
  await withPreparedDatabase(
    { databaseUrl: template.toString() } as Settings,
    () => undefined,
    () => Promise.resolve(),
  );
  const drop = () =>
    onServer(adminUrl, async (client) => {
      const { rows } = await client.query<{ datname: string }>(
        'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
        [name],
      );
      for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
    });
  return { name, drop };
}

async function onServer(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function runFiles(files: string[]): Promise<void> {
  // One process a file. Many of them wait for a lock or a process now and then.
  const results = run({ files, concurrency: 3, timeout: 20 * 60_000 });
  let passed = 0;
  let failed = 0;
  results.on('test:pass', ({ details, skip }) => {
    if (details.type !== 'suite' && skip === undefined) passed += 1;
  });
  results.on('test:fail', () => {
    failed += 1;
    process.exitCode = 1;
  });
  const report = results.compose(new spec());
  for await (const text of report) process.stdout.write(text as string);
  console.log(`\n${passed} passed, ${failed} failed`);
}

const files = await testFiles();
if (files.length === 0) throw new Error(`no test file has ${wanted.join(' or ')} in its path`);
const server = await openServer();
try {
  const template = await createTemplate(server);
  process.env.KEYFENCE_TEST_SERVER = server.url;
  process.env.KEYFENCE_TEST_ADMIN = server.adminUrl;
  process.env.KEYFENCE_TEST_TEMPLATE = template.name;
  if (args.includes('--full')) process.env.KEYFENCE_TEST_FULL = '1';
  console.log(`${files.length} files, the first is ${relative(root, files[0] ?? '')}`);
  try {
    await runFiles(await shareProcesses(files));
  } finally {
    await template.drop();
  }
} finally {
  await server.close();
}
