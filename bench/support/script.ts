import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onSecondCore } from './cores.js';

/**
 * Starts a compiled script on core 1.
 *
 * @param args what the script finds in its `process.argv`
 * @param flags for Node
 */
export function forkScript(script: URL, args: string[], flags: string[] = []): ChildProcess {
  const [execPath, ...execArgv] = onSecondCore(process.execPath, ...flags);
  return fork(fileURLToPath(script), args, { execPath, execArgv });
}

/** The first message of a script. @throws when it ends before */
export async function firstMessage<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the script ended with ${code}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  return message;
}

/** Runs a script with one argument, as JSON, until it has sent its result. */
export async function runScript<T>(script: URL, task: unknown, flags?: string[]): Promise<T> {
  const child = forkScript(script, [JSON.stringify(task)], flags);
  try {
    return await firstMessage<T>(child);
  } finally {
    child.kill('SIGKILL');
  }
}
