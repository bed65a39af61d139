import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { startEmbeddedServer } from '@keyfence/embedded-postgres';
import { withPreparedDatabase } from '../../src/database/migrate.js';
import { dropDatabases, openFolder, openRun, type Run } from './run.js';

/** The PostgreSQL server that a run of tests works on. */
export interface Server {
  url: string;
  /** For tests of what even a superuser cannot do. */
  adminUrl: string;
  /** Where the server's files are; undefined when it is somebody else's. */
  dataDir: string | undefined;
  close: () => Promise<void>;
}

/** The server of DATABASE_URL, or an embedded one of this run's own. */
async function openServer(): Promise<Server> {
  const { DATABASE_URL: given } = process.env;
  if (given !== undefined && given !== '') {
    return { url: given, adminUrl: given, dataDir: undefined, close: () => Promise.resolve() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-tests-'));
  const progress = (line: string) => {
    console.log(line);
  };
  const start = () => startEmbeddedServer({ dataDir, progress });
  const adminUrlOf = async ({ url }: { url: string }) => {
    const passwords = await readFile(join(dataDir, 'postgres', 'passwords'), 'utf8');
    const admin = new URL(url);
    admin.username = 'postgres';
    admin.password = passwords.split('\n')[0] ?? '';
    return admin.toString();
  };
  // For the many services that tests run side by side.
  const first = await start();
  await onServer(await adminUrlOf(first), (client) =>
    client.query('ALTER SYSTEM SET max_connections = 400'),
  );
  await first.stop();
  const server = await start();
  return {
    url: server.url,
    adminUrl: await adminUrlOf(server),
    dataDir,
    close: () => server.stop(),
  };
}

/** Databases of tests are copies of one that has the schema already. */
async function createTemplate({ url }: Server, { name }: Run): Promise<void> {
  await onServer(url, (client) => client.query(`CREATE DATABASE ${name}`));
  const template = new URL(url);
  template.pathname = `/${name}`;
  await withPreparedDatabase(
    { databaseUrl: template.toString() } as Settings,
    () => undefined,
    () => Promise.resolve(),
  );
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

/** Makes `createDatabase` work, here and in processes that are started from here, until it is closed. */
export async function openTestServer(): Promise<Server> {
  const before = { ...process.env };
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
    for (const name of handedOn) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  };
  try {
    const folder = await openFolder();
    closing.push(folder.remove);
    process.env.TMPDIR = folder.path;
    const server = await openServer();
    closing.push(server.close);
    const run = await openRun(server.adminUrl);
    closing.push(run.close);
    closing.push(() => dropDatabases(server.adminUrl, run.name));
    await createTemplate(server, run);
    process.env.KEYFENCE_TEST_SERVER = server.url;
    process.env.KEYFENCE_TEST_ADMIN = server.adminUrl;
    process.env.KEYFENCE_TEST_TEMPLATE = run.name;
    return { ...server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What of the environment says where tests work. */
const handedOn = [
  'TMPDIR',
  'KEYFENCE_TEST_SERVER',
  'KEYFENCE_TEST_ADMIN',
  'KEYFENCE_TEST_TEMPLATE',
] as const;

/** Runs `work` while `createDatabase` works. */
export async function withTestServer(work: (server: Server) => Promise<void>): Promise<void> {
  const server = await openTestServer();
  try {
    await work(server);
  } finally {
    await server.close();
  }
}
