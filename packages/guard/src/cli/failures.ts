import { KeyfenceError, Unavailable, type Problem } from '../errors.js';
import { Failure, UsageError, type Command } from './command.js';
import type { Words } from './words.js';

/** What is known of a call that failed. */
export interface Asked {
  command: Command;
  words: Words;
  url: URL;
}

interface Flaw {
  path: string;
  message: string;
}

/** Members of a problem that the guard has no use for. */
type FullProblem = Problem & { errors?: Flaw[]; managers?: string[] };

const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What is wrong with an option. An entry of a list is named by its number. */
function flawIn({ path, message }: Flaw, words: Words): string {
  const [field = '', entry] = path.split('.');
  const option = words.optionFor(field);
  if (option === undefined) return path === '' ? message : `${field} ${message}`;
  const isOneOfMany = entry !== undefined && (words.list(option.slice(2))?.length ?? 0) > 1;
  return isOneOfMany ? `${option} number ${Number(entry) + 1} ${message}` : `${option} ${message}`;
}

function lacking({ permission, detail, title, managers = [] }: FullProblem): string {
  const what = permission ? `Your key lacks the permission ${permission}.` : ended(detail ?? title);
  return managers.length === 0 ? what : `${what} These managers can help: ${managers.join(', ')}.`;
}

function sentenceOf(problem: FullProblem, { command, words }: Asked): string {
  const { code, errors = [], title, detail, status } = problem;
  if (errors.length > 0) return ended(errors.map((flaw) => flawIn(flaw, words)).join('; '));
  if (code === 'not_found' && detail === undefined) {
    return `There is no such ${command.target}, or your key may not see it.`;
  }
  if (code === 'insufficient_permission') return lacking(problem);
  if (status === 401) return 'The key is not valid: it is unknown, has expired or was revoked.';
  return ended(detail ?? title);
}

/** Without a password that the URL might have. */
const placeOf = ({ origin, pathname }: URL) => origin + (pathname === '/' ? '' : pathname);

function unavailable({ message, cause }: Unavailable, url: URL): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  const why = typeof code === 'string' ? ` (${code})` : '';
  const said = message.charAt(0).toUpperCase() + message.slice(1);
  return `${said}${why}. KEYFENCE_URL says where Keyfence is: ${placeOf(url)}`;
}

/** One sentence about a failure, in words of this command, and the exit code. */
export function outcomeOf(error: unknown, asked: Asked | undefined): [string, number] {
  if (error instanceof UsageError) return [error.message, 2];
  if (error instanceof Failure || asked === undefined) return [ended(messageOf(error)), 1];
  if (error instanceof KeyfenceError) return [sentenceOf(error.problem, asked), 1];
  if (error instanceof Unavailable) return [unavailable(error, asked.url), 1];
  return [ended(messageOf(error)), 1];
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What programs get: the problem of Keyfence, or a title. */
export const problemOf = (error: unknown, sentence: string): object =>
  error instanceof KeyfenceError ? error.problem : { title: sentence };
