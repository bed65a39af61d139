import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Settings } from '../../src/config/settings.js';
import { startEmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { withPreparedDatabase } from '../../src/database/migrate.js';

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
  const close = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, adminUrl: await adminUrlOf(server), dataDir, close };
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

/** Runs `work` where `createDatabase` works, here and in processes that are started from here. */
export async function withTestServer(work: (server: Server) => Promise<void>): Promise<void> {
  const server = await openServer();
  try {
    const template = await createTemplate(server);
    process.env.KEYFENCE_TEST_SERVER = server.url;
    process.env.KEYFENCE_TEST_ADMIN = server.adminUrl;
    process.env.KEYFENCE_TEST_TEMPLATE = template.name;
    try {
      await work(server);
    } finally {
      await template.drop();
    }
  } finally {
    await server.close();
  }
}
