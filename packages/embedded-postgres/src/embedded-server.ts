import { setTimeout as sleep } from 'node:timers/promises';
import { chooseAccount } from './account.js';
import { locateBinaries } from './binaries.js';
import { makeDataDir, openCluster, type Passwords } from './cluster.js';
import { freePort, isFree, rememberedPort, rememberPort } from './port.js';
import {
  spawnPostmaster,
  StartError,
  stopPostmaster,
  untilReady,
  type Postmaster,
  type Tools,
} from './postmaster.js';
import { ensureDatabase, openSession, SERVICE, type Session } from './session.js';
import { joinRunning } from './share.js';

/** A PostgreSQL on this machine, for installations without a server of their own. */
export interface EmbeddedServer {
  /** postgres:// URL of the service's database. It does not change while this object exists. */
  readonly url: string;
  /** Stops the server if this process runs it; resolves when it is down. May be called again. */
  stop(): Promise<void>;
}

/** What `startEmbeddedServer` needs to know. */
export interface EmbeddedServerOptions {
  /** Created if it is missing. All files of the server are below it. */
  readonly dataDir: string;
  /** Receives a line for a person at every slow or unusual step. */
  readonly progress: (message: string) => void;
  /** Cancels the start when it is aborted; afterwards it does nothing. */
  readonly signal?: AbortSignal | undefined;
}

const FIRST_DELAY_MS = 200;
const LAST_DELAY_MS = 5000;
/** A server that ran for so long did not fail in its start. */
const STABLE_MS = 10_000;
const START_TIMEOUT_MS = 15_000;

/**
 * Starts PostgreSQL on the data directory, or joins the one that another process runs there. It keeps
 * running: when it dies, a process that is left starts it again. It does not keep this process alive,
 * and ends with it.
 *
 * @throws the reason of the signal when the start was cancelled: no process of it is left then
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { progress, signal = new AbortController().signal } = options;
  const binaries = await locateBinaries();
  const paths = await makeDataDir(options.dataDir);
  const account = await chooseAccount(paths, binaries.postgres);
  const passwords = await openCluster({ paths, account, binaries, progress }, signal);
  const supervisor = new Supervisor({ binaries, account, paths, progress }, passwords);
  const port = await supervisor.start(signal);
  return {
    url: `postgres://${SERVICE}:${passwords.service}@127.0.0.1:${port}/${SERVICE}`,
    stop: () => supervisor.stop(),
  };
}

class Supervisor {
  readonly #tools: Tools;
  readonly #passwords: Passwords;
  readonly #stopping = new AbortController();
  /** Set by the first success: the service's pools use the URL from then on. */
  #port: number | undefined;
  #postmaster: Postmaster | undefined;
  #session: Session | undefined;
  #watching: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(tools: Tools, passwords: Passwords) {
    this.#tools = tools;
    this.#passwords = passwords;
  }

  /** Returns the port. */
  async start(signal: AbortSignal): Promise<number> {
    // Only said here, and acted upon below: a server that is just being spawned would not be stopped.
    const cancel = () => {
      this.#stopping.abort();
    };
    signal.addEventListener('abort', cancel, { once: true });
    const deadline = Date.now() + START_TIMEOUT_MS;
    try {
      for (;;) {
        const port = await this.#tryToStart(signal, deadline);
        if (port !== undefined) return port;
        await sleep(FIRST_DELAY_MS);
      }
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Returns the port, or undefined when another attempt may succeed. */
  async #tryToStart(signal: AbortSignal, deadline: number): Promise<number | undefined> {
    try {
      signal.throwIfAborted();
      this.#port = await this.#bringUp();
      signal.throwIfAborted();
      this.#watching = this.#watch();
      return this.#port;
    } catch (error) {
      if (!signal.aborted && willPass(error) && Date.now() <= deadline) return undefined;
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#session?.close();
    await this.#watching;
    await this.#session?.close(); // one that was opened meanwhile
    if (this.#postmaster !== undefined) await stopPostmaster(this.#tools, this.#postmaster);
  }

  /**
   * Afterwards there is a session with a running server, ours or another process's. Returns its port.
   */
  async #bringUp(): Promise<number> {
    if (this.#postmaster === undefined || this.#postmaster.isGone()) {
      const joined = await this.#join();
      if (joined !== undefined) return joined;
      this.#tools.progress('Starting Postgres…');
      const port = this.#port ?? (await choosePort(this.#tools.paths.port));
      this.#postmaster = await spawnPostmaster(this.#tools, port);
    }
    await this.#open(this.#postmaster);
    return this.#postmaster.port;
  }

  async #join(): Promise<number | undefined> {
    const { superuser } = this.#passwords;
    const shared = await joinRunning(this.#tools, superuser, this.#stopping.signal);
    if (shared === undefined) return undefined;
    const { port, session } = shared;
    if (this.#port !== undefined && this.#port !== port) {
      await session.close();
      throw new Error(
        `another process runs it on port ${port} now, because ${this.#port} was taken; ` +
          'start this process again',
      );
    }
    this.#session = session;
    this.#tools.progress('Using the Postgres that another process runs on this data directory');
    return port;
  }

  async #open(postmaster: Postmaster): Promise<void> {
    await untilReady(this.#tools, postmaster, this.#stopping.signal);
    const session = await openSession(postmaster.port, this.#passwords.superuser, 'owner');
    try {
      await ensureDatabase(session, this.#passwords);
      await rememberPort(this.#tools.paths.port, postmaster.port);
    } catch (error) {
      await session.close();
      throw error;
    }
    this.#session = session;
  }

  async #watch(): Promise<void> {
    let delay = FIRST_DELAY_MS;
    while (!this.#stopping.signal.aborted) {
      const since = Date.now();
      this.#session?.release();
      await this.#session?.ended;
      if (Date.now() - since > STABLE_MS) delay = FIRST_DELAY_MS;
      delay = await this.#restore(delay);
    }
  }

  /**
   * Retries until there is a server again or we are stopped. Returns the delay before the next attempt.
   */
  async #restore(firstDelay: number): Promise<number> {
    const { signal } = this.#stopping;
    const { progress } = this.#tools;
    if (!signal.aborted) progress('Postgres is gone; bringing it back…');
    for (let delay = firstDelay; ; delay = longer(delay)) {
      try {
        await sleep(delay, undefined, { signal });
        await this.#bringUp();
        progress('Postgres is back');
        return longer(delay);
      } catch (error) {
        if (signal.aborted) return delay;
        if (!willPass(error)) progress(`Postgres is not back yet: ${messageOf(error)}`);
      }
    }
  }
}

/** The port of the last run, so that a URL that was written down stays valid, or any free port. */
async function choosePort(file: string): Promise<number> {
  const last = await rememberedPort(file);
  return last !== undefined && (await isFree(last)) ? last : freePort();
}

function longer(delay: number): number {
  return Math.min(2 * delay, LAST_DELAY_MS);
}

function willPass(error: unknown): boolean {
  return error instanceof StartError && error.willPass;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
