import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inTime } from './eventually.js';
import { cleanEnvironment } from './process.js';
import { projectRoot } from './project.js';

/** One of `examples/`, running as its README says. */
export interface Example {
  url: string;
  /** What it has written so far. */
  output: string[];
  stop(): Promise<void>;
}

/** @param script what `npm start` runs, once it is compiled */
export async function startExample(
  folder: string,
  script: string,
  variables: Record<string, string>,
): Promise<Example> {
  const child = spawn(process.execPath, [script], {
    cwd: join(projectRoot, 'examples', folder),
    env: cleanEnvironment({ PORT: '0', ...variables }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const output: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      const [, url] = /Listening on (http:\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const early = exited.then(() => {
    throw new Error(`${folder} ended:\n${output.join('\n')}`);
  });
  const url = await inTime(
    () => Promise.race([listening, early]),
    60_000,
    () => new Error(`${folder} does not listen:\n${output.join('\n')}`),
  );
  return {
    url,
    output,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
