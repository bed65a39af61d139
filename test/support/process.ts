import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inTime } from './eventually.js';

/** Milliseconds that a process may take until it is ready, on a machine that is busy. */
const timeoutMs = 180_000;

const readyAt = /"url":"([^"]+)","msg":"Keyfence is ready"/;
const ownMain = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** The service as a process of its own, as people run it. */
export interface ServiceProcess {
  url: string;
  child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Ends it with this signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null }>;
}

/** What must not outlive this process, stopped ones in particular. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// A signal alone would end this process without that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Of a file that takes too long: whether it waits for a process, a connection or a timer.
    console.error(`ended by ${signal} while there were`, process.getActiveResourcesInfo());
    process.exit(1);
  });
}

/** Environment without what the tests themselves were started with. */
export function cleanEnvironment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...variables };
}

export interface ProcessOptions {
  /** URLs of modules that the process loads before the service. */
  preload?: readonly string[];
  /** Gets each line that it writes once it is ready, instead of `output`. */
  onLine?: (line: string) => void;
  /** The script of another release; left out for this one's. */
  main?: string | undefined;
}

/** Follows what a process writes, and finds out where it listens. */
function follow({ stdout, stderr }: ChildProcess, onLine: ProcessOptions['onLine']) {
  let [output, isReady] = ['', false];
  const ready = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = isReady ? undefined : readyAt.exec(output)?.[1];
      if (url !== undefined) resolve(url);
      isReady ||= url !== undefined;
      // Until it is ready, its output says why it ends.
      if (onLine !== undefined && isReady) {
        const lines = output.split('\n');
        output = lines.pop() ?? '';
        lines.forEach(onLine);
      }
    };
    stdout?.on('data', read);
    stderr?.on('data', read);
  });
  return { ready, output: () => output };
}

/** The service as a process that need not become ready. */
export interface LaunchedProcess extends Omit<ServiceProcess, 'url'> {
  /** Its URL, once it is ready. */
  ready: Promise<string>;
  /** Its exit code and the signal that it died of, once all of its output was read. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
}

export function launchProcess(
  variables: Record<string, string>,
  { preload = [], onLine, main = ownMain }: ProcessOptions = {},
): LaunchedProcess {
  const imports = preload.flatMap((module) => ['--import', module]);
  const child = spawn(process.execPath, [...imports, main], {
    env: cleanEnvironment({
      PORT: '0',
      KEYFENCE_MAX_FAILED_AUTHENTICATIONS: '1000000',
      // Many processes at once on a small machine: not each test is about this limit.
      KEYFENCE_FENCE_TIMEOUT_MS: '2000',
      ...variables,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const exited = once(child, 'close') as LaunchedProcess['exited'];
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await exited;
    return { code };
  };
  return { ...follow(child, onLine), child, exited, end };
}

/** @throws with its output when it ends before it is ready, or is not ready in time */
export async function startProcess(
  variables: Record<string, string>,
  options?: ProcessOptions,
): Promise<ServiceProcess> {
  const { ready, exited, output, ...launched } = launchProcess(variables, options);
  const early = exited.then(([code]) => {
    throw new Error(`the service ended with ${code}:\n${output()}`);
  });
  const url = await inTime(
    () => Promise.race([ready, early]),
    timeoutMs,
    () => new Error(`the service was not ready after ${timeoutMs} ms:\n${output()}`),
  );
  return { ...launched, url, output };
}

/**
 * Runs one of the commands beside the service to its end, as people do: `audit-verify`.
 *
 * @returns its standard output, and its standard error
 */
export function runCommand(
  name: string,
  variables: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ code: number | null; output: string; errors: string }> {
  const script = fileURLToPath(new URL(`../../src/cli/${name}.js`, import.meta.url));
  const env = cleanEnvironment(variables);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, ...args],
      { env },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout, errors: stderr });
      },
    );
  });
}
