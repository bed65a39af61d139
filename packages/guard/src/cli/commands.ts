import { audit } from './audit.js';
import { check } from './check.js';
import { UsageError, type Command, type Group, type Options } from './command.js';
import { keys } from './keys.js';
import { members } from './members.js';
import { orgs } from './orgs.js';

export const groups: Readonly<Record<string, Group>> = { keys, members, orgs };
export const single: Readonly<Record<string, Command>> = { check, audit };

const own = <T>(all: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(all, name) ? all[name] : undefined;

const all = [...Object.values(groups).flatMap(({ commands }) => Object.values(commands))];

/** The options of all commands. */
export const allOptions: Options = Object.assign(
  {},
  ...[...all, ...Object.values(single)].map(({ options }) => options),
) as Options;

export interface Found {
  name: string;
  command: Command;
  /** The words after the name. */
  rest: string[];
}

/** The group that is named without a command of it. */
export function groupOf([name = '', second]: string[]): [string, Group] | undefined {
  const group = own(groups, name);
  return group === undefined || second !== undefined ? undefined : [name, group];
}

/** @throws UsageError when there is no such command */
export function find([first = '', ...others]: string[]): Found {
  const command = own(single, first) ?? own(keys.commands, first);
  if (command !== undefined) return { name: first, command, rest: others };
  const group = own(groups, first);
  if (group === undefined) {
    throw new UsageError(first === '' ? 'There is no command.' : 'There is no such command.');
  }
  const [second = '', ...rest] = others;
  const found = own(group.commands, second);
  const names = Object.keys(group.commands).join(', ');
  if (found === undefined) throw new UsageError(`${first} has the commands ${names}.`);
  return { name: `${first} ${second}`, command: found, rest };
}
