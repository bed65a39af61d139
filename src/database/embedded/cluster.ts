import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo, letPass, spawnAs, type Account } from './account.js';
import { isCode, type Binaries } from './binaries.js';
import type { ClusterPaths } from './paths.js';

/** Passwords of the two database users: the supervisor's superuser and the service's own. */
export interface Passwords {
  readonly superuser: string;
  readonly service: string;
}

/** The superuser; the service itself never connects as this one. */
export const SUPERUSER = 'postgres';

const NEW = 'postgres.new-';
const UNFINISHED_AFTER_MS = 600_000;

/** Creates the data directory where it is missing and says what lies where in it. */
export async function makeDataDir(path: string): Promise<ClusterPaths> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // The real path, so that two processes that come by different links mean the same cluster.
  const dataDir = await realpath(path);
  await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).catch(foreign(dataDir));
  return { dataDir, log: join(dataDir, 'postgres.log'), ...inside(dataDir, 'postgres') };
}

/** Whether an embedded server has ever run on this data directory. */
export function hasCluster(dataDir: string): Promise<boolean> {
  return exists(inside(dataDir, 'postgres').root);
}

function inside(dataDir: string, name: string) {
  const root = join(dataDir, name);
  return {
    root,
    data: join(root, 'data'),
    passwords: join(root, 'passwords'),
    port: join(root, 'port'),
  };
}

/** Creates the cluster unless there is one; returns its passwords. */
export async function openCluster(
  paths: ClusterPaths,
  account: Account,
  binaries: Binaries,
  progress: (message: string) => void,
): Promise<Passwords> {
  await removeUnfinished(paths.dataDir);
  if (!(await exists(paths.root))) {
    progress('Creating the database cluster (only on the first start)…');
    await createCluster(paths, account, binaries);
  }
  const passwords = await readPasswords(paths);
  await giveTo(account, paths.data);
  return passwords;
}

/** A half-made cluster must never be taken for one, so it is made elsewhere and then renamed. */
async function createCluster(
  paths: ClusterPaths,
  account: Account,
  binaries: Binaries,
): Promise<void> {
  const temporary = inside(paths.dataDir, NEW + randomBytes(6).toString('hex'));
  try {
    await mkdir(temporary.root, { mode: 0o700 });
    await mkdir(temporary.data, { mode: 0o700 });
    if (account.owner !== undefined) {
      await letPass(temporary.root, account.owner.gid);
      await giveTo(account, temporary.data);
    }
    const superuser = randomPassword();
    await writePrivately(temporary.passwords, `${superuser}\n${randomPassword()}\n`);
    await initdb(temporary, superuser, account, binaries);
    await rename(temporary.root, paths.root);
    await syncDirectory(paths.dataDir);
  } catch (error) {
    await rm(temporary.root, { recursive: true, force: true });
    // Another process that started at the same time was faster: its cluster is as good as ours.
    if (!(await exists(paths.root))) throw error;
  }
}

async function initdb(
  paths: { readonly root: string; readonly data: string },
  superuser: string,
  account: Account,
  binaries: Binaries,
): Promise<void> {
  const passwordFile = join(paths.root, 'initdb-password');
  await writePrivately(passwordFile, `${superuser}\n`);
  const { owner } = account;
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  await run(account, binaries.initdb, paths.root, [
    ...['-D', paths.data, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin'],
    ...['--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'],
    ...['-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
  ]);
  await rm(passwordFile);
}

function run(account: Account, file: string, cwd: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawnAs(account, file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`initdb failed (${signal ?? `exit code ${String(code)}`}):\n${output}`));
    });
  });
}

async function readPasswords(paths: ClusterPaths): Promise<Passwords> {
  const text = await readFile(paths.passwords, 'utf8').catch(foreign(paths.passwords));
  const [superuser, service] = text.split('\n');
  if (!superuser || !service) throw new Error(`${paths.passwords} is damaged`);
  return { superuser, service };
}

/** The usual mistake: the first start was root's, a later one is not. */
function foreign(path: string): (cause: unknown) => never {
  return (cause) => {
    const hint = isCode(cause, 'EACCES') ? ': it belongs to another user of this machine' : '';
    throw new Error(`The database cannot be used: no access to ${path}${hint}`, { cause });
  };
}

/**
 * Removes what a process left behind that was killed while it made a cluster. By age, not by process
 * id: ids are re-used, and another container that shares the directory counts its own.
 */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(NEW)) continue;
    const path = join(dataDir, name);
    const made = await stat(path).catch(() => undefined);
    if (made === undefined || Date.now() - made.mtimeMs < UNFINISHED_AFTER_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function writePrivately(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flush: true });
}

/** A rename outlives a power cut only when the directory has been written out. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // directories cannot be opened there
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
