import { parseArgs } from 'node:util';
import { UsageError, type Command, type Options } from './command.js';

type Values = Readonly<Record<string, readonly (string | boolean)[] | undefined>>;

/** What the command line says: each option that is given, and the word after the command. */
export class Words {
  constructor(
    private readonly options: Options,
    private readonly values: Values,
    private readonly rest: readonly string[],
  ) {}

  flag(name: string): boolean {
    return this.values[name] !== undefined;
  }

  text(name: string): string | undefined {
    const [value] = this.values[name] ?? [];
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws UsageError when it is not there */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new UsageError(`--${name} is missing.`);
    return value;
  }

  /** @throws UsageError when it is not a number of at least one */
  count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`--${name} takes a number, 1 or more.`);
    return Number(value);
  }

  /** Each value; `''` is the empty list. */
  list(name: string): string[] | undefined {
    const all = this.values[name]?.flatMap((value) => String(value).split(','));
    return all?.map((value) => value.trim()).filter((value) => value !== '');
  }

  /** At most one of these options. */
  assertOneOf(...names: string[]): void {
    const given = names.filter((name) => this.values[name] !== undefined);
    if (given.length < 2) return;
    throw new UsageError(`Give ${given.map((name) => `--${name}`).join(' or ')}, not both.`);
  }

  /** The word after the command. */
  operand(): string {
    return this.rest[0] ?? '';
  }

  /** The option for a field of the API, if there is one. */
  optionFor(field: string): string | undefined {
    const all = Object.entries(this.options);
    const [name] = all.find(([own, { field: other = own }]) => other === field) ?? [];
    return name === undefined ? undefined : `--${name}`;
  }
}

/** Options of all commands. */
const everywhere: Options = {
  help: { about: 'prints this text' },
  version: { about: 'prints the version of this command' },
};

export interface Parsed {
  values: Values;
  positionals: string[];
}

/**
 * Reads the words before it is known of which command they are.
 *
 * @param known the options of all commands: whether one takes a value is the same everywhere
 */
export function parse(args: string[], known: Options): Parsed {
  const options = Object.fromEntries(
    Object.entries({ ...known, ...everywhere }).map(([name, { value }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: true } as const,
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    return { values, positionals };
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
}

/** What Node says, in a sentence, without its advice about how to pass other words. */
function sentenceOf(error: unknown): string {
  const [first = ''] = (error as Error).message.split(/\. |\n/);
  const [, unknown] = /^Unknown option '([^']*)'/.exec(first) ?? [];
  if (unknown !== undefined) return `There is no option ${unknown}.`;
  const [, missing] = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument/.exec(first) ?? [];
  if (missing !== undefined) return `${missing} needs a value; one that begins with - after a =.`;
  const [, flag] = /^Option '(?:-\w, )?(--[\w-]+)' does not take/.exec(first) ?? [];
  return flag === undefined ? `${first.replace(/\.$/, '')}.` : `${flag} takes no value.`;
}

/** The words of this command. @throws UsageError when it does not have them */
export function wordsOf(name: string, command: Command, { values }: Parsed, rest: string[]): Words {
  for (const [option, given = []] of Object.entries(values)) {
    const { isList } = command.options[option] ?? {};
    if (!(option in command.options) && !(option in everywhere)) {
      throw new UsageError(`${name} has no option --${option}.`);
    }
    if (given.length > 1 && given.some((value) => typeof value === 'string') && !isList) {
      throw new UsageError(`--${option} can be given once.`);
    }
  }
  const missing = command.needs?.find((option) => values[option] === undefined);
  if (missing !== undefined) throw new UsageError(`--${missing} is missing.`);
  const most = command.operand === undefined ? 0 : 1;
  if (rest.length < most) throw new UsageError(`The ${command.operand ?? ''} is missing.`);
  if (rest.length > most) throw new UsageError(`${name} takes ${countOf(most)} there.`);
  return new Words(command.options, values, rest);
}

const countOf = (most: number) => (most === 0 ? 'no word' : 'one word, not more,');
