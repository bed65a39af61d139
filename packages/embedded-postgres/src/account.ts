import {
  spawn,
  spawnSync,
  type ChildProcess,
  type SpawnOptions,
  type SpawnSyncOptions,
} from 'node:child_process';
import { chmod, chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClusterPaths } from './paths.js';

/** The account that PostgreSQL runs under: it refuses to run as root. */
export interface Account {
  /** The owner that the cluster's files need; undefined: this process, nothing has to change. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** The uid and gid that spawn switches to. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** The words before every command. */
  readonly prefix: readonly string[];
}

/** Nothing of our own environment (PGDATA, PGPORT, a locale) may reach the programs. */
const ENVIRONMENT = { LC_ALL: 'C' };

const OURSELVES: Account = { identity: {}, prefix: [] };

/** Root, seen by Postgres as uid 65534: for directories that only root can enter. */
const MAPPED_ROOT: Account = {
  owner: { uid: 0, gid: 0 },
  identity: {},
  prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'],
};

/** Chooses an account that is not root and can reach both the cluster and the programs. */
export async function chooseAccount(paths: ClusterPaths, postgres: string): Promise<Account> {
  if (process.getuid?.() !== 0) return OURSELVES;
  const reasons: string[] = [];
  const user = (await ownerOf(paths.data)) ?? (await serviceUser());
  if (user !== undefined) {
    const account: Account = { owner: user, identity: user, prefix: [] };
    const outside = obstacle(account, dirname(paths.dataDir), postgres);
    if (outside === undefined) {
      for (const directory of [paths.dataDir, paths.root]) await letPass(directory, user.gid);
    }
    const inside = outside ?? obstacle(account, paths.dataDir, postgres);
    if (inside === undefined) return account;
    reasons.push(`as uid ${user.uid}: ${inside}`);
  }
  const mapped = obstacle(MAPPED_ROOT, paths.dataDir, postgres);
  if (mapped === undefined) return MAPPED_ROOT;
  reasons.push(`in a user namespace: ${mapped}`);
  throw new Error(
    'Postgres refuses to run as root, and no other way was found; start the service as an ordinary ' +
      `user or set DATABASE_URL (${reasons.join('; ')})`,
  );
}

/** Starts a program under the account. */
export function spawnAs(
  account: Account,
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const [command, rest] = commandLine(account, file, args);
  return spawn(command, rest, { ...options, ...childOptions(account) });
}

/**
 * Lets the account enter a directory of ours without being able to list it. The account must never own
 * a directory that root writes to: it could replace a file with a link.
 */
export async function letPass(directory: string, gid: number): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.uid !== 0 || (found.mode & 0o077) !== 0) return;
  await chown(directory, 0, gid);
  await chmod(directory, 0o710);
}

/** Gives a directory and everything below it to the account, unless it owns them already. */
export async function giveTo(account: Account, directory: string): Promise<void> {
  const { owner } = account;
  if (owner === undefined || (await stat(directory)).uid === owner.uid) return;
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), owner.uid, owner.gid);
  }
  // Last, so that an interrupted change is repeated.
  await chown(directory, owner.uid, owner.gid);
}

/** Why a program of the account cannot work in a directory; undefined when it can. */
function obstacle(account: Account, directory: string, postgres: string): string | undefined {
  const script = 'cd "$1" && exec "$2" --version';
  const [command, args] = commandLine(account, '/bin/sh', [
    '-c',
    script,
    'sh',
    directory,
    postgres,
  ]);
  const { status, stderr, error } = spawnSync(command, args, {
    ...(childOptions(account) satisfies SpawnSyncOptions),
    cwd: '/',
    encoding: 'utf8',
  });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim();
}

function childOptions(account: Account) {
  return { ...account.identity, env: ENVIRONMENT, windowsHide: true };
}

function commandLine(account: Account, file: string, args: readonly string[]): [string, string[]] {
  const [command = file, ...rest] = [...account.prefix, file, ...args];
  return [command, rest];
}

/** The owner of a cluster that an ordinary user made: it must stay usable for that user. */
async function ownerOf(directory: string): Promise<Account['owner']> {
  const found = await stat(directory).catch(() => undefined);
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

async function serviceUser(): Promise<Account['owner']> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0) return { uid, gid };
  }
  return undefined;
}
