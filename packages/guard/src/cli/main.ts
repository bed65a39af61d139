import { readFile } from 'node:fs/promises';
import { Api } from './api.js';
import { Failure, UsageError } from './command.js';
import { allOptions, find, groupOf } from './commands.js';
import { outcomeOf, problemOf, type Asked } from './failures.js';
import { commandHelp, generalHelp, groupHelp } from './help.js';
import { Printer } from './printer.js';
import { assertNoSecret, assertSendable, readSecret } from './secret-input.js';
import { harmless, harmlessJson } from './text.js';
import { parse, wordsOf } from './words.js';

const { env, stdout, stderr } = process;

async function version(): Promise<string> {
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version;
}

/** The name of the command that is wrong, for the advice where to read on. */
let named = '';
/** Known once it is clear what to ask Keyfence for. */
let asked: Asked | undefined;

function urlOf(text = 'http://127.0.0.1:3000'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new Failure('KEYFENCE_URL is not a URL that begins with http:// or https://.');
}

function helpFor(positionals: string[]): string {
  if (positionals.length === 0) return generalHelp();
  const group = groupOf(positionals);
  if (group !== undefined) return groupHelp(...group);
  const { name, command } = find(positionals);
  return commandHelp(name, command);
}

async function main(args: string[]): Promise<void> {
  assertNoSecret(args);
  const parsed = parse(args, allOptions);
  const { values, positionals } = parsed;
  if (values.help !== undefined) {
    stdout.write(helpFor(positionals));
    return;
  }
  if (values.version !== undefined) {
    stdout.write(`${await version()}\n`);
    return;
  }
  const { name, command, rest } = find(positionals);
  named = ` ${name}`;
  const words = wordsOf(name, command, parsed, rest);
  const url = urlOf(env.KEYFENCE_URL);
  const key = env.KEYFENCE_KEY || (await readSecret(command.question ?? 'Your key: '));
  assertSendable(key);
  asked = { command, words, url };
  const api = new Api(url, key);
  try {
    await command.run({ api, words, printer: new Printer(words.flag('json')) });
  } finally {
    api.close();
  }
}

/** Exit code 2 for a wrong command line, 1 for a failure. */
function fail(error: unknown): void {
  const [sentence, code] = outcomeOf(error, asked);
  process.exitCode = code;
  if (error instanceof UsageError) {
    stderr.write(`${harmless(sentence)}\nSee keyfence${named} --help.\n`);
    return;
  }
  const isJson = asked?.words.flag('json') === true;
  stderr.write(
    isJson ? `${harmlessJson(problemOf(error, sentence))}\n` : `${harmless(sentence)}\n`,
  );
}

// The reader has read enough: `keyfence list | head`.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(error);
  process.exit();
});

await main(process.argv.slice(2)).catch(fail);
