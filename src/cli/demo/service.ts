import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../main.js', import.meta.url));

/** Levels of the log from which on a line is shown. */
const warning = 40;

interface Line {
  level: number;
  msg: string;
  url?: string;
}

/** The service as a process of its own. */
export interface RunningService {
  url: string;
  /** Its exit code, once it has ended. */
  ended: Promise<number>;
}

/**
 * Starts the service, and passes Ctrl-C on to it.
 *
 * @param progress receives what it says until it is ready, and warnings afterwards
 * @returns undefined when it has ended before it was ready
 */
export async function startService(
  env: NodeJS.ProcessEnv,
  progress: (message: string) => void,
): Promise<RunningService | undefined> {
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const ended = once(child, 'close').then(([code]) => (code as number | null) ?? 1);
  const url = await Promise.race([untilReady(child, progress), ended]);
  if (typeof url === 'string') return { url, ended };
  process.exitCode = url;
  return undefined;
}

function untilReady(
  { stdout }: ChildProcess,
  progress: (message: string) => void,
): Promise<string> {
  if (stdout === null) throw new Error('The service has no output.');
  let isReady = false;
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (text) => {
      const { level, msg, url } = JSON.parse(text) as Line;
      if (msg === 'Keyfence is ready' && url !== undefined) {
        isReady = true;
        resolve(url);
      } else if (level >= warning || !isReady) progress(msg);
    });
  });
}
