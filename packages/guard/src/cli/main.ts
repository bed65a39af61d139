#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { KeyfenceError } from '../errors.js';
import { Keyfence } from '../keyfence.js';
import { commands, UsageError, type Run } from './commands.js';
import { readSecret } from './secret-input.js';

const usage = `Manages API keys. What it answers is JSON, a value in each line.

  keyfence list [--state active|expired|revoked] [--search <beginning of the name>]
  keyfence create --name <name> --scope read|read-write|admin [--days <lifetime>]
  keyfence revoke <key id> [--reason <why>]
  keyfence check               reads a key, and says what it may do
  keyfence audit [--follow]    the latest events of the audit log, and those to come

  --org <id>    an organisation other than that of the key

KEYFENCE_URL says where Keyfence is, http://127.0.0.1:3000 if it does not. KEYFENCE_KEY is the key that
this acts with; without it you are asked. A key is never an argument: others could see it.
`;

const { env } = process;

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        org: { type: 'string' },
        name: { type: 'string' },
        scope: { type: 'string' },
        days: { type: 'string' },
        state: { type: 'string' },
        search: { type: 'string' },
        reason: { type: 'string' },
        follow: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = read(args);
  const [name = '', ...operands] = positionals;
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(name === '' ? 'no command' : `no such command`);
  const url = env.KEYFENCE_URL ?? 'http://127.0.0.1:3000';
  // `check` acts with the key that it reads.
  const key = env.KEYFENCE_KEY ?? (name === 'check' ? 'none' : await readSecret('Your key: '));
  const keyfence = new Keyfence({ url, key });
  const print: Run['print'] = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  try {
    await command({ keyfence, options: values, operands, print });
  } finally {
    keyfence.close();
  }
}

/** 2 when the command line is wrong, 1 when it did not work. */
function fail(error: unknown): void {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const problem = error instanceof KeyfenceError ? error.problem : undefined;
  const said = problem ?? { title: error instanceof Error ? error.message : String(error) };
  process.stderr.write(`${JSON.stringify(said)}\n`);
  process.exitCode = 1;
}

await main(process.argv.slice(2)).catch(fail);
