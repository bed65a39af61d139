import { execFile, spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { spawnAs, type Account } from './account.js';
import { isCode, type Binaries } from './binaries.js';
import type { ClusterPaths } from './paths.js';
import { findPostmaster, isPostmasterOf } from './pid-file.js';
import { keepLogShort, logEnd, logTail, withLogFile } from './server-log.js';

/** Everything needed to start a server, except its port. */
export interface Tools {
  readonly binaries: Binaries;
  readonly account: Account;
  readonly paths: ClusterPaths;
  readonly progress: (message: string) => void;
}

/** A server ended before it was ready. */
export class StartError extends Error {
  /** Another process was faster, the port was taken, or a killed server has not quite ended. */
  readonly willPass: boolean;

  constructor(tail: string) {
    super(`Postgres did not start:\n${tail}`);
    this.willPass =
      /lock file ".*" (already exists|is empty)|Address already in use|pre-existing shared memory/.test(
        tail,
      );
  }
}

/** A server that this process has started. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isGone: () => boolean;
  /** The last lines of what it has logged since its start. */
  readonly tail: () => Promise<string>;
}

const SLOW_START_MS = 4000;

/** Starts a server; it is not ready yet. */
export async function spawnPostmaster(tools: Tools, port: number): Promise<Postmaster> {
  const { account, binaries, paths } = tools;
  const logFrom = await logEnd(paths.log);
  const child = withLogFile(paths.log, (fd) =>
    spawnAs(account, binaries.postgres, settings(paths, port), {
      cwd: paths.root,
      // A session of its own: Ctrl-C reaches the service, which then shuts the server down cleanly.
      detached: true,
      stdio: ['ignore', fd, fd],
    }),
  );
  let gone = false;
  const { pid } = child;
  if (pid === undefined) throw await spawnError(child);
  child.unref(); // a service that forgets to stop it must still be able to end
  const watchdog = startWatchdog(account, pid);
  const letLogGrow = keepLogShort(paths.log);
  child.once('exit', () => {
    gone = true;
    letLogGrow();
    dismiss(watchdog);
  });
  return { pid, port, isGone: () => gone, tail: () => logTail(paths.log, logFrom) };
}

function settings(paths: ClusterPaths, port: number): string[] {
  const values = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'cluster_name=keyfence',
    'logging_collector=off',
    'log_destination=stderr',
    // An error of a statement goes to the service and not to the log: it can show stored data.
    'log_min_messages=log',
    'log_min_error_statement=panic',
  ];
  return ['-D', paths.data, '-p', String(port), ...values.flatMap((value) => ['-c', value])];
}

function spawnError(child: ChildProcess): Promise<Error> {
  return new Promise((resolve) => child.once('error', resolve));
}

/** Waits until a server that this process has started accepts connections. */
export async function untilReady(
  tools: Tools,
  started: Postmaster,
  signal: AbortSignal,
): Promise<void> {
  let slowAt = Date.now() + SLOW_START_MS;
  while (!started.isGone()) {
    const found = await findPostmaster(tools.paths.data);
    if (found?.pid === started.pid && found.status === 'ready') return;
    if (Date.now() > slowAt) {
      tools.progress('Postgres is still starting (after a crash it first repairs its files)…');
      slowAt = Infinity;
    }
    await sleep(15, undefined, { signal });
  }
  throw new StartError(await started.tail());
}

/**
 * Stops the server however this process ends: it waits for the end of a pipe that closes with us. Not
 * on Windows, which has no such shell; there the next start stops what was left.
 */
function startWatchdog(account: Account, pid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  // Builtins only, as there is no PATH. It must survive the signals of a closing terminal.
  const script = 'trap "" HUP INT TERM; while read -r _; do :; done; kill -INT "$1"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'keyfence-watchdog', String(pid)], {
    ...account.identity,
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  (watchdog.stdin as Socket).unref();
  return watchdog;
}

/** Killed before its pipe closes. Otherwise it would signal a process id that may have been reused. */
function dismiss(watchdog: ChildProcess | undefined): void {
  watchdog?.kill('SIGKILL');
  watchdog?.stdin?.destroy();
}

/** Stops a server that this process has started. */
export async function stopPostmaster(tools: Tools, { pid, isGone }: Postmaster): Promise<void> {
  await stop(tools, pid, () => Promise.resolve(isGone()));
}

/** Stops a server of an earlier run. */
export async function stopLeftOver(tools: Tools, pid: number): Promise<void> {
  await stop(tools, pid, async () => !(await isPostmasterOf(pid, tools.paths.data)));
}

/**
 * First the way that writes everything to disk, then those after which the next start repairs the
 * files.
 */
async function stop(tools: Tools, pid: number, isGone: () => Promise<boolean>): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['INT', 15_000],
    ['QUIT', 5000],
    ['KILL', 5000],
  ] as const) {
    if (await isGone()) return;
    if (signal !== 'INT') tools.progress(`Postgres does not stop; sending SIG${signal}`);
    await send(tools.binaries, pid, signal);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (await isGone()) return;
      await sleep(10);
    }
  }
  throw new Error(`Postgres (process ${pid}) could not be stopped`);
}

async function send(
  binaries: Binaries,
  pid: number,
  signal: 'INT' | 'QUIT' | 'KILL',
): Promise<void> {
  if (process.platform === 'win32') {
    // Windows has no signals between processes; PostgreSQL listens on a pipe for those of pg_ctl.
    await promisify(execFile)(binaries.pgCtl, ['kill', signal, String(pid)]).catch(() => undefined);
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error;
  }
}
