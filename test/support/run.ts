import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findPostmaster } from '@keyfence/embedded-postgres/internal/pid-file';

/**
 * What a run of tests leaves behind when it is killed: folders below one whose name has its process,
 * and databases whose names begin with what its connection is called. The next run removes both.
 */
const folderPattern = /^keyfence-run-(\d+)-/;
const databasePrefix = 'keyfence_run_';

/** The run's folder for temporary files. */
export async function openFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const parent = tmpdir();
  for (const name of await readdir(parent)) {
    const owner = folderPattern.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await removeLeft(join(parent, name));
  }
  const path = await mkdtemp(join(parent, `keyfence-run-${process.pid}-`));
  // PostgreSQL may be another user's process.
  await chmod(path, 0o711);
  return { path, remove: () => removeFolder(path) };
}

/** Removes the folder of a run that was killed. */
async function removeLeft(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const data = join(path, name, 'postgres', 'data');
    const server = await findPostmaster(data).catch(() => undefined);
    // It ends with its run, unless a fault had stopped it just then.
    if (server !== undefined) process.kill(server.pid, 'SIGKILL');
  }
  await removeFolder(path);
}

/** What somebody still writes there, or what belongs to somebody else, is left to a later run. */
const removeFolder = (path: string) =>
  rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface Run {
  /** How the names of its databases begin. */
  name: string;
  close: () => Promise<void>;
}

/** Names a run, and holds a connection of that name for as long as it lasts. */
export async function openRun(adminUrl: string): Promise<Run> {
  const name = databasePrefix + randomBytes(4).toString('hex');
  const client = new Client({ connectionString: adminUrl, application_name: name });
  // Anyone who stops the server meanwhile ends the run as well.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ dead: string }>(
    `SELECT datname AS dead FROM pg_database WHERE datname ~ $1
     AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = substr(datname, 1, $2))`,
    [`^${databasePrefix}[0-9a-f]{8}`, name.length],
  );
  for (const { dead } of rows) await dropDatabase(client, dead);
  return { name, close: () => client.end() };
}

/** Drops all databases of a run. */
export async function dropDatabases(adminUrl: string, run: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [run],
    );
    for (const { datname } of rows) await dropDatabase(client, datname);
  } finally {
    await client.end();
  }
}

// Only a superuser can end what is left of a superuser's connections.
const dropDatabase = (client: Client, name: string) =>
  client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
