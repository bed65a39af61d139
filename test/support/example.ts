import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inTime } from './eventually.js';
import { cleanEnvironment } from './process.js';
import { projectRoot } from './project.js';

/** A program that is no part of this project. */
export interface Program {
  /** What it has written so far. */
  output: string[];
  /** Rejects when it ends. */
  ended: Promise<never>;
  stop(): Promise<void>;
}

export function startProgram(
  cwd: string,
  [command, ...args]: [string, ...string[]],
  variables: Record<string, string>,
  onLine: (line: string) => void = () => undefined,
): Program {
  const child = spawn(command, args, {
    cwd,
    env: cleanEnvironment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      output.push(line);
      onLine(line);
    });
  }
  const ended = exited.then((): never => {
    throw new Error(`${[command, ...args].join(' ')} ended:\n${output.join('\n')}`);
  });
  ended.catch(() => undefined);
  return {
    output,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** One of `examples/`, running as its README says. */
export interface Example extends Program {
  url: string;
}

/** @param script what `npm start` runs, once it is compiled */
export function startExample(
  folder: string,
  script: string,
  variables: Record<string, string>,
): Promise<Example> {
  return startListening(folder, [process.execPath, script], variables);
}

/** Starts an example with any command, and waits until it says where it listens. */
export async function startListening(
  folder: string,
  command: [string, ...string[]],
  variables: Record<string, string>,
): Promise<Example> {
  const cwd = join(projectRoot, 'examples', folder);
  const lines = new EventEmitter();
  const settings = { PORT: '0', ...variables };
  const program = startProgram(cwd, command, settings, (line) => {
    const [, found] = /Listening on (http:\S+)/.exec(line) ?? [];
    if (found !== undefined) lines.emit('listening', found);
  });
  const listening = once(lines, 'listening') as Promise<[string]>;
  const [url] = await inTime(
    () => Promise.race([listening, program.ended]),
    60_000,
    () => new Error(`${folder} does not listen:\n${program.output.join('\n')}`),
  );
  return { ...program, url };
}
