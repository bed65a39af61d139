import { setTimeout as delay } from 'node:timers/promises';
import type { Keyfence, Keys } from '../keyfence.js';
import { readSecret } from './secret-input.js';

export interface Options {
  org?: string;
  name?: string;
  scope?: string;
  days?: string;
  state?: string;
  search?: string;
  reason?: string;
  follow: boolean;
}

export interface Run {
  keyfence: Keyfence;
  options: Options;
  /** What stands behind the name of the command. */
  operands: string[];
  print: (value: unknown) => void;
}

/** The command line is not as it has to be. */
export class UsageError extends Error {}

const pause = 2_000;

/** The organisation that is named, or that of the key. */
async function orgOf({ keyfence, options }: Run): Promise<string> {
  return options.org ?? (await keyfence.whoami()).orgId;
}

const keysOf = async (run: Run): Promise<Keys> => run.keyfence.keys(await orgOf(run));

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`${what} is missing`);
  return value;
}

type Listing = Parameters<Keys['list']>[0];
type Creation = Parameters<Keys['create']>[0];

async function list(run: Run): Promise<void> {
  const { state, search } = run.options;
  const keys = await keysOf(run);
  let cursor: string | undefined;
  do {
    // Words are checked by Keyfence, which says what is wrong with them.
    const page = await keys.list({ state, search, cursor, limit: 100 } as Listing);
    page.items.forEach(run.print);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function create(run: Run): Promise<void> {
  const { scope, days } = run.options;
  const name = required(run.options.name, '--name');
  const expiresInDays = days === undefined ? undefined : Number(days);
  const body = { name, scope: required(scope, '--scope'), expiresInDays } as Creation;
  run.print(await (await keysOf(run)).create(body));
}

async function revoke(run: Run): Promise<void> {
  const keyId = required(run.operands[0], 'the id of the key');
  run.print(await (await keysOf(run)).revoke(keyId, run.options.reason));
}

async function check({ keyfence, print }: Run): Promise<void> {
  print(await keyfence.whoami(await readSecret('The key to check: ')));
}

async function audit(run: Run): Promise<void> {
  const org = await orgOf(run);
  let last: string | undefined;
  for (;;) {
    // The latest come first; what is new stands before what was seen.
    const fresh = [];
    let cursor: string | undefined;
    do {
      const page = await run.keyfence.auditEvents(org, { cursor, limit: 20 });
      const known = page.items.findIndex(({ id }) => id === last);
      fresh.push(...(known < 0 ? page.items : page.items.slice(0, known)));
      cursor = known < 0 && last !== undefined ? (page.nextCursor ?? undefined) : undefined;
    } while (cursor !== undefined);
    fresh.reverse().forEach(run.print);
    last = fresh.at(-1)?.id ?? last;
    if (!run.options.follow) return;
    await delay(pause);
  }
}

/** What each command does. */
export const commands: Record<string, (run: Run) => Promise<void>> = {
  list,
  create,
  revoke,
  check,
  audit,
};
