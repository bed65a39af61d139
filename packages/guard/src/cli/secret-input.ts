import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure, UsageError } from './command.js';

/** Receives the echo, so that the terminal does not show what is typed. */
const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

/** The form of a secret: a prefix, and 42 letters and digits. */
const secret = /[a-z0-9]_[0-9A-Za-z]{42}/;

/** @throws UsageError when an argument has a secret: others have seen it by now */
export function assertNoSecret(args: readonly string[]): void {
  if (!args.some((each) => secret.test(each))) return;
  throw new UsageError(
    'An argument has the secret of a key. Others can see arguments: revoke that key. Give keys by KEYFENCE_KEY.',
  );
}

/** @throws Failure when this can be no key, and no header either */
export function assertSendable(key: string): void {
  if (/^[\x21-\x7e]+$/.test(key)) return;
  throw new Failure('The key has spaces or other characters that no key has.');
}

/**
 * Reads a line from the terminal, without echo, or from standard input. Never from an argument:
 * everybody on the machine can see those, and they stay in the history of the shell.
 *
 * @throws Failure when there is none
 */
export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY });
  try {
    for await (const line of lines) {
      const given = line.trim();
      if (given !== '') return given;
    }
    throw new Failure('There is no key: set KEYFENCE_KEY, or pass the key on standard input.');
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}
