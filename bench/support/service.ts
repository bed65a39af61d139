import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { freePort } from '@keyfence/embedded-postgres';
import { Caller } from '../../test/support/client.js';
import { createDatabase } from '../../test/support/environment.js';
import { cleanEnvironment } from '../../test/support/process.js';
import { onSecondCore } from './cores.js';
import { readMetric } from './metric.js';

/** Something to be measured, running in a process of its own. */
export interface Target {
  url: string;
  /** CPU time that it has used so far, in microseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** The service as people run it. */
export interface Service extends Target {
  operator: Caller;
  as(key: string): Caller;
  /** Sends its process a signal. */
  signal(signal: NodeJS.Signals): void;
  /** A figure that it reports to Prometheus, by name and labels. */
  metric(series: string): Promise<number>;
}

/** A database of its own, on which the service can be started as often as it takes. */
export interface Site {
  /** The database, as its superuser sees it. */
  db: Pool;
  /** How the service reaches it. */
  databaseUrl: string;
  /**
   * @param settings variables that are to differ from what they are otherwise
   * @param program the compiled `main.js` of another checkout
   */
  start(settings?: Record<string, string>, program?: string): Promise<Service>;
  /** A link with which this person signs in to the console, at this address. */
  loginLink(email: string, publicUrl: string): Promise<string>;
  /** Stops what still runs, and drops the database. */
  remove(): Promise<void>;
}

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** The service of another checkout, compiled. */
export const programOf = (folder: string) => join(resolve(folder), 'dist', 'main.js');

const loginLink = fileURLToPath(new URL('../../src/cli/login-link.js', import.meta.url));

/**
 * Waits until the service can respond.
 *
 * @throws when it ends before
 */
async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
}

async function metric(url: string, series: string): Promise<number> {
  return readMetric(await (await fetch(`${url}/metrics`)).text(), series);
}

async function launch(
  environment: Record<string, string>,
  program: string,
): Promise<Target & Pick<Service, 'metric' | 'signal'>> {
  const port = await freePort();
  const [command, ...args] = onSecondCore(process.execPath, program);
  const child = spawn(command, args, {
    env: cleanEnvironment({ PORT: `${port}`, ...environment }),
    // It writes its log; nobody's time is spent on reading it.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url);
  return {
    url,
    cpu: async () => 1e6 * (await metric(url, 'process_cpu_seconds_total')),
    metric: (series) => metric(url, series),
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export async function createSite(): Promise<Site> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-bench-'));
  const db = new Pool({ connectionString: database.adminUrl, max: 1 });
  const environment = {
    DATABASE_URL: database.url,
    KEYFENCE_SECRET: randomBytes(32).toString('hex'),
    KEYFENCE_DATA_DIR: dataDir,
    // Refused keys come by the thousand where refusals are measured.
    KEYFENCE_MAX_FAILED_AUTHENTICATIONS: '1000000',
  };
  const started: Service[] = [];
  let operatorKey: string | undefined;
  return {
    db,
    databaseUrl: database.url,
    start: async (settings = {}, program = main) => {
      const launched = await launch({ ...environment, ...settings }, program);
      operatorKey ??= (await readFile(join(dataDir, 'operator-key'), 'utf8')).trim();
      const as = (key: string) => new Caller(launched.url, [], key);
      const service = { ...launched, as, operator: as(operatorKey) };
      started.push(service);
      return service;
    },
    loginLink: async (email, publicUrl) => {
      const env = cleanEnvironment({ ...environment, KEYFENCE_PUBLIC_URL: publicUrl });
      const { stdout } = await promisify(execFile)(process.execPath, [loginLink, email], { env });
      return /http\S+/.exec(stdout)?.[0] ?? '';
    },
    remove: async () => {
      for (const service of started) await service.stop();
      await db.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
