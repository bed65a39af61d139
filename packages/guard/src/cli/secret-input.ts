import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Takes what a terminal would show of what is typed. */
const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

/**
 * A line from the terminal, which does not show it, or from standard input. Never an argument: those are
 * seen by everybody on the machine, and stay in the history of the shell.
 *
 * @throws Error when there is none
 */
export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY });
  try {
    for await (const line of lines) {
      const secret = line.trim();
      if (secret !== '') return secret;
    }
    throw new Error('there is no key on standard input');
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}
