import { path } from './api.js';
import { Failure, type Options, type Run } from './command.js';
import type { Column } from './table.js';

/** An option of all commands that act in an organisation. */
export const inOrg: Options = {
  org: { value: '<id>', about: 'an organisation other than that of your key' },
};

export const asJson: Options = {
  json: { about: 'JSON for programs, one value in each line' },
};

export const limited: Options = {
  limit: { value: '<number>', about: 'only so many; all without it' },
};

/** The organisation of `--org`, or that of the key. */
export async function orgOf({ api, words }: Run): Promise<string> {
  return words.text('org') ?? (await api.whoami()).orgId;
}

/** The id of a user, who can also be named by the e-mail address. */
export async function userIdOf({ api }: Run, org: string, word: string): Promise<string> {
  if (!word.includes('@')) return word;
  const address = word.toLowerCase();
  const all = api.pages<{ userId: string; email: string | null }>(path`/v1/orgs/${org}/members`, {
    search: word,
  });
  for await (const { items } of all) {
    const found = items.find(({ email }) => email === address);
    if (found !== undefined) return found.userId;
  }
  throw new Failure('No member of this organisation has that e-mail address.');
}

interface List<T> {
  path: string;
  query: Record<string, string | undefined>;
  columns: readonly Column<T>[];
  /** `key`, and `keys`. */
  nouns: [one: string, many: string];
}

/** Prints a whole list, or as much as `--limit` says, and then that there is more. */
export async function printList<T>({ api, words, printer }: Run, list: List<T>): Promise<void> {
  const most = words.count('limit');
  const found: T[] = [];
  let [shown, hasMore] = [0, false];
  for await (const page of api.pages<T>(list.path, list.query, most)) {
    // A long list need not be complete before a program gets its beginning.
    if (printer.isJson) for (const item of page.items) printer.result(item, () => undefined);
    else found.push(...page.items);
    shown += page.items.length;
    hasMore = page.nextCursor !== null;
  }
  const [one, many] = list.nouns;
  const count = shown === 1 ? `1 ${one}` : `${shown} ${many}`;
  if (!printer.isJson && shown > 0) printer.table(list.columns, found);
  if (hasMore) printer.note(`The first ${count}: there are more. Without --limit you see all.`);
  else if (!printer.isJson) printer.line(shown === 0 ? `No ${many}.` : `${count}.`);
}

/** Without the fields that are not given. */
export function given<T extends object>(fields: T): T {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}
