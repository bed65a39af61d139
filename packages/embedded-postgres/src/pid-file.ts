import { execFile } from 'node:child_process';
import { readFile, readlink, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isCode } from './binaries.js';

/** What `postmaster.pid` says about a server that really runs. */
export interface RunningPostmaster {
  readonly pid: number;
  /** Not known during the first moments of a start. */
  readonly port: number | undefined;
  readonly status: 'starting' | 'ready' | 'stopping';
}

const run = promisify(execFile);

/**
 * The server that runs on this cluster, if any. Removes a pid file without a server, which would
 * prevent a new server from starting.
 */
export async function findPostmaster(data: string): Promise<RunningPostmaster | undefined> {
  const file = join(data, 'postmaster.pid');
  const lines = await readLines(file);
  if (lines === undefined) return undefined;
  // The id is negative while a single-user server works on the cluster.
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!Number.isInteger(pid) || pid === 0) {
    await removeUnlessWritten(file);
    return undefined;
  }
  if (!isAlive(pid)) return undefined; // Postgres removes this file itself, after more checks
  if (!(await isPostmasterOf(pid, data))) {
    await rm(file, { force: true });
    return undefined;
  }
  const port = Number.parseInt(lines[3] ?? '', 10);
  return { pid, port: Number.isInteger(port) ? port : undefined, status: statusOf(lines[7]) };
}

/** Whether this process is a PostgreSQL on this cluster: process ids are reused. */
export async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') return isPostmasterByProc(pid, data);
  if (process.platform === 'win32') return isPostgresOnWindows(pid);
  const { stdout } = await run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(
    () => ({ stdout: '' }),
  );
  return stdout.includes('postgres') && stdout.includes(`-D ${data}`);
}

async function isPostmasterByProc(pid: number, data: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const args = command.split('\0');
  if (!basename(args[0] ?? '').startsWith('postgres')) return false;
  try {
    // The inode, not the path: a bind mount shows the same directory under two names.
    await readlink(`/proc/${pid}/cwd`);
    const [there, here] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(data)]);
    return there.dev === here.dev && there.ino === here.ino;
  } catch {
    return args.includes(data); // root without CAP_SYS_PTRACE, as in a container
  }
}

/** Windows does not show a command line cheaply, only the name of the program. */
async function isPostgresOnWindows(pid: number): Promise<boolean> {
  const filter = ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'];
  const { stdout } = await run('tasklist', filter, { windowsHide: true }).catch(() => ({
    stdout: '',
  }));
  return stdout.includes('postgres');
}

/** An empty file was left by a crash, or belongs to a server that is writing it now. */
async function removeUnlessWritten(file: string): Promise<void> {
  await sleep(300);
  const lines = await readLines(file);
  if (lines !== undefined && !/^-?[1-9]/.test(lines[0] ?? '')) await rm(file, { force: true });
}

async function readLines(file: string): Promise<string[] | undefined> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function statusOf(line: string | undefined): RunningPostmaster['status'] {
  const status = line?.trim();
  return status === 'ready' || status === 'stopping' ? status : 'starting';
}

/** Whether a process with this id exists, of any user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}
