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
import { isCode } from './binaries.js';
import type { ClusterPaths } from './paths.js';
import type { Tools } from './postmaster.js';

/** Passwords of the two database users: the supervisor's superuser and the service's own. */
export interface Passwords {
  readonly superuser: string;
  readonly service: string;
}

/** The superuser; the service itself never connects as this one. */
export const SUPERUSER = 'postgres';

const NEW = 'postgres.new-';
const UNFINISHED_AFTER_MS = 600_000;

/** Creates the data directory if it is missing, and returns the paths in it. */
export async function makeDataDir(path: string): Promise<ClusterPaths> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // The real path, so that two processes that use different links mean the same cluster.
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

/** Creates the cluster unless there is one, and returns its passwords. */
export async function openCluster(tools: Tools, signal: AbortSignal): Promise<Passwords> {
  const { paths, account, progress } = tools;
  await removeUnfinished(paths.dataDir);
  signal.throwIfAborted();
  if (!(await exists(paths.root))) {
    progress('Creating the database cluster (only on the first start)…');
    await createCluster(tools, signal);
  }
  const passwords = await readPasswords(paths);
  await giveTo(account, paths.data);
  return passwords;
}

/** A half-made cluster must never be taken for one, so it is made elsewhere and then renamed. */
async function createCluster(
  { paths, account, binaries }: Tools,
  signal: AbortSignal,
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
    await initdb(temporary, superuser, { account, binaries }, signal);
    await rename(temporary.root, paths.root);
    await syncDirectory(paths.dataDir);
  } catch (error) {
    await rm(temporary.root, { recursive: true, force: true });
    // Another process that started at the same time was faster: its cluster will do.
    if (signal.aborted || !(await exists(paths.root))) throw error;
  }
}

async function initdb(
  paths: { readonly root: string; readonly data: string },
  superuser: string,
  { account, binaries }: Pick<Tools, 'account' | 'binaries'>,
  signal: AbortSignal,
): Promise<void> {
  const passwordFile = join(paths.root, 'initdb-password');
  await writePrivately(passwordFile, `${superuser}\n`);
  const { owner } = account;
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  signal.throwIfAborted();
  await run({ account, signal }, binaries.initdb, paths.root, [
    ...['-D', paths.data, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin'],
    ...['--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'],
    ...['-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
  ]);
  await rm(passwordFile);
}

/** Resolves, or rejects, when the program and its own children are gone. */
function run(
  { account, signal }: { account: Account; signal: AbortSignal },
  file: string,
  cwd: string,
  args: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawnAs(account, file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    // It cleans up on this signal. Its children end with the pipe that it feeds them through.
    const cancel = () => child.kill('SIGTERM');
    signal.addEventListener('abort', cancel, { once: true });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', cancel);
      if (code === 0) resolve();
      else
        reject(new Error(`initdb failed (${killedBy ?? `exit code ${String(code)}`}):\n${output}`));
    });
  });
}

async function readPasswords(paths: ClusterPaths): Promise<Passwords> {
  const text = await readFile(paths.passwords, 'utf8').catch(foreign(paths.passwords));
  const [superuser, service] = text.split('\n');
  if (!superuser || !service) throw new Error(`${paths.passwords} is damaged`);
  return { superuser, service };
}

/** The usual mistake: root made the first start, another user a later one. */
function foreign(path: string): (cause: unknown) => never {
  return (cause) => {
    const hint = isCode(cause, 'EACCES') ? ': it belongs to another user of this machine' : '';
    throw new Error(`The database cannot be used: no access to ${path}${hint}`, { cause });
  };
}

/**
 * Removes what a killed process left behind while it made a cluster. Decided by age, not by process id:
 * ids are reused, and another container that shares the directory has its own.
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

/** A rename survives a power cut only when the directory has been written to disk. */
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
