import type { Api } from './api.js';
import type { Printer } from './printer.js';
import type { Words } from './words.js';

/** The command line is wrong. */
export class UsageError extends Error {}

/** What is said in our words already: the message is the whole sentence. */
export class Failure extends Error {}

interface Option {
  /** What follows it: `<days>`. A flag has none. */
  value?: string;
  /** Can be given several times, or as a list with commas. */
  isList?: true;
  about: string;
  /** The field of the API, if its name is another one. */
  field?: string;
}

export type Options = Readonly<Record<string, Option>>;

export interface Run {
  api: Api;
  words: Words;
  printer: Printer;
}

export interface Command {
  about: string;
  /** The word after the name of the command, which must be there: `<key id>`. */
  operand?: string;
  /** Options that have to be there. */
  needs?: readonly string[];
  options: Options;
  /** More of the help. */
  notes?: string;
  /** What there may be none of, for the message: `key`. */
  target: string;
  /** What is asked where no variable has the key. */
  question?: string;
  run: (run: Run) => Promise<void>;
}

/** Commands about one thing: `keyfence members list`. */
export interface Group {
  about: string;
  commands: Readonly<Record<string, Command>>;
}
