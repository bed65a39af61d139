import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Looked at before this process pins itself: afterwards it sees one core. */
const canPin = process.platform === 'linux' && availableParallelism() > 1;

/** Keeps this process, and what it starts without further ado, to core 0. */
export function pinToFirstCore(): void {
  if (!canPin) return;
  const { pid } = process;
  execFileSync('taskset', ['-a', '-c', '-p', '0', `${pid}`], { stdio: 'ignore' });
}

/** The command that runs `command` on core 1, where the system can pin it (taskset, Linux). */
export function onSecondCore(...command: [string, ...string[]]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', '1', ...command] : command;
}
