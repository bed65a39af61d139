import type { Command, Group, Options } from './command.js';
import { groups, single } from './commands.js';

type Row = [what: string, about: string];

function aligned(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([what]) => what.length)) + 2;
  return rows.map(([what, about]) => `  ${what.padEnd(width)}${about}\n`).join('');
}

const wordsOf = (name: string, { operand }: Command) =>
  operand === undefined ? name : `${name} ${operand}`;

const rowsOf = (name: string, { commands }: Group) =>
  Object.entries(commands).map(([word, command]): Row => {
    return [wordsOf(`${name} ${word}`, command), command.about];
  });

const environment = `KEYFENCE_URL says where Keyfence is, http://127.0.0.1:3000 if it does not. KEYFENCE_KEY is the key that
this acts with; without it you are asked. A key is never an argument: others could see it.
`;

export function generalHelp(): string {
  const rows = Object.entries(groups).flatMap(([name, group]) => rowsOf(name, group));
  const others = Object.entries(single).map(([name, { about }]): Row => [name, about]);
  return `Manages API keys.

${aligned([...rows, ...others])}
  keyfence <command> --help    the options of a command
  keyfence --version           the version of this command

The word keys can be left out: keyfence list. With --json the output is JSON, one value in each line.

${environment}`;
}

export function groupHelp(name: string, group: Group): string {
  return `${capital(group.about)}.

${aligned(rowsOf(name, group))}
  keyfence ${name} <command> --help    the options of a command
`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const optionRows = (options: Options) =>
  Object.entries(options).map(([name, { value, isList, about }]): Row => {
    const more = isList ? `${about}; several times, or with commas` : about;
    return [value === undefined ? `--${name}` : `--${name} ${value}`, more];
  });

export function commandHelp(name: string, command: Command): string {
  const notes = command.notes === undefined ? '' : `\n${command.notes}\n`;
  return `keyfence ${wordsOf(name, command)}

${capital(command.about)}.

${aligned(optionRows(command.options))}${notes}`;
}
