import { setTimeout as sleep } from 'node:timers/promises';
import { findPostmaster, type RunningPostmaster } from './pid-file.js';
import { stopLeftOver, type Tools } from './postmaster.js';
import { hasOwner, openSession, type Session } from './session.js';

/** Another process's server, and our connection to it. */
export interface Shared {
  readonly port: number;
  readonly session: Session;
}

const TIMEOUT_MS = 10_000;
const SLOW_MS = 1000;

/**
 * Joins the server that another process runs on the cluster. Undefined when there is none: a server
 * that nobody looks after is stopped.
 */
export async function joinRunning(
  tools: Tools,
  superuser: string,
  signal: AbortSignal,
): Promise<Shared | undefined> {
  const begun = Date.now();
  let told = false;
  for (;;) {
    const found = await findPostmaster(tools.paths.data);
    if (found === undefined) return undefined;
    const shared = await tryToJoin(tools, found, superuser, signal);
    if (shared !== undefined) return shared;
    const waited = Date.now() - begun;
    if (found.status === 'ready' && waited > TIMEOUT_MS) throw noResponse(found);
    if (!told && waited > SLOW_MS) {
      tools.progress(`Waiting for the Postgres that runs already (it is ${found.status})…`);
      told = true;
    }
    await sleep(50, undefined, { signal });
  }
}

async function tryToJoin(
  tools: Tools,
  found: RunningPostmaster,
  superuser: string,
  signal: AbortSignal,
): Promise<Shared | undefined> {
  const { pid, port, status } = found;
  if (status !== 'ready' || port === undefined) return undefined;
  let session: Session | undefined;
  try {
    session = await openSession(port, superuser, 'guest');
    if (await hasOwner(session, signal)) return { port, session };
  } catch (error) {
    await session?.close();
    if (signal.aborted || isWrongPassword(error)) throw error;
    return undefined; // it is just starting, stopping or crashing
  }
  await session.close();
  tools.progress('Stopping the Postgres of an earlier run…');
  await stopLeftOver(tools, pid);
  return undefined;
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28P01';
}

function noResponse({ pid, port }: RunningPostmaster): Error {
  return new Error(
    `Postgres (process ${pid}) runs in the data directory, but does not respond on port ${String(port)}; ` +
      'stop that process and start again',
  );
}
