import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment } from './process.js';
import { projectRoot } from './project.js';

/** What `npx keyfence` runs. */
export const commandLine = join(projectRoot, 'packages', 'guard', 'bin', 'keyfence.js');

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  /** What it responded with in JSON, line by line. */
  values: Record<string, unknown>[];
}

const parse = (line: string) => JSON.parse(line) as Record<string, unknown>;

/** Runs the command line with this key; with none it reads one from `input`. */
export async function runCommandLine(
  url: string,
  args: string[],
  { key = '', input = '' }: { key?: string; input?: string } = {},
): Promise<Outcome> {
  const variables = { KEYFENCE_URL: url, ...(key !== '' && { KEYFENCE_KEY: key }) };
  const env = cleanEnvironment(variables);
  const child = spawn(process.execPath, [commandLine, ...args], { env });
  // It may have ended before it was read.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  const isJson = args.includes('--json');
  const lines = isJson ? stdout.split('\n').filter((line) => line !== '') : [];
  return { code, values: lines.map(parse), stdout, stderr };
}

/**
 * Runs the command line at a terminal of this width.
 *
 * @param replies what to type once the output has this
 */
export async function atTerminal(
  url: string,
  args: string[],
  {
    key = '',
    columns = 80,
    replies = {},
  }: { key: string | undefined; columns?: number; replies?: Record<string, string> },
): Promise<{ code: number; output: string }> {
  const words = [process.execPath, commandLine, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns}; exec ${words}`;
  const variables = { KEYFENCE_URL: url, ...(key !== '' && { KEYFENCE_KEY: key }), TERM: 'dumb' };
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: cleanEnvironment(variables),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  const left = Object.entries(replies);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const [question, reply] = left[0] ?? [];
    if (question === undefined || !output.includes(question)) return;
    left.shift();
    child.stdin.write(reply);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output: output.replaceAll('\r\n', '\n') };
}
