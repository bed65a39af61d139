import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLine } from './command-line.js';
import { cleanEnvironment } from './process.js';
import { projectRoot } from './project.js';

export const readPage = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

/** The code blocks of a text that are in this language; those that name none with ''. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , block = '']) => block);

/** The commands in a document, without those that `given` replaces. */
export const commandsIn = (page: string, given: Record<string, string> = {}): string[] =>
  blocksOf(readPage(page), 'sh').map((block) =>
    Object.entries(given).reduce((all, [from, to]) => all.replaceAll(from, to), block),
  );

/** What is below a title of the second level. */
function below(page: string, title: string): string {
  const part = readPage(page)
    .split(/^## /m)
    .find((each) => each.startsWith(`${title}\n`));
  if (part === undefined) throw new Error(`${page} has no part with the title ${title}`);
  return part.slice(title.length);
}

const withoutBlocks = (text: string) => text.replace(/^```[^]*?^```$/gm, '');

/** A part of a document, for a test that does what it says. */
export class Part {
  readonly commands: string[];
  /** What a terminal shows. */
  readonly responses: string[];
  private readonly text: string;
  private readonly used = new Set<string>();

  constructor(
    private readonly page: string,
    private readonly title: string,
  ) {
    const text = below(page, title);
    this.commands = blocksOf(text, 'sh');
    this.responses = blocksOf(text, '');
    this.text = withoutBlocks(text).replace(/\s+/g, ' ');
  }

  /** This, if the part has it in bold: what the console shows. */
  word = (word: string): string => {
    this.used.add(word);
    return this.sure(`**${word}**`, word);
  };

  /** This, if the part has it as code: what to write, or what comes back. */
  value = (value: string): string => this.sure(`\`${value}\``, value);

  /** What the part has in bold, and nobody has asked for. */
  unused = (): string[] => {
    const bold = [...this.text.matchAll(/\*\*(.+?)\*\*/g)].map(([, word = '']) => word);
    return [...new Set(bold)].filter((word) => !this.used.has(word));
  };

  private sure(marked: string, plain: string): string {
    if (this.text.includes(marked)) return plain;
    throw new Error(`${this.page}, ${this.title}, does not say ${marked}:\n${this.text}`);
  }
}

interface Package {
  scripts: Record<string, string>;
}

const { scripts } = JSON.parse(readPage('package.json')) as Package;

/** What `npm run` starts, as it is compiled for the tests. */
function compiledScript(name: string): string {
  const [, file] = /node dist\/(\S+)$/.exec(scripts[name] ?? '') ?? [];
  if (file === undefined) throw new Error(`package.json has no command ${name}`);
  const path = fileURLToPath(new URL(`../../src/${file}`, import.meta.url));
  return `'${process.execPath}' '${path}'`;
}

/** Commands of a document, with what is compiled already instead of what would compile it again. */
export const asCompiled = (script: string): string =>
  script
    .replace(/\bnpm start\b/g, () => compiledScript('start'))
    .replace(/\bnpm run ([\w:-]+)( --(?= ))?/g, (_, name: string) => compiledScript(name))
    .replaceAll('npx keyfence', `'${process.execPath}' '${commandLine}'`);

const run = promisify(execFile);

/** Runs commands in a terminal; fails if one of them does. */
export async function inTerminal(
  cwd: string,
  script: string,
  variables: Record<string, string>,
): Promise<string> {
  const env = cleanEnvironment(variables);
  const { stdout } = await run('bash', ['-euc', asCompiled(script)], { cwd, env });
  return stdout;
}
