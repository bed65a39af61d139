import { createInterface } from 'node:readline/promises';
import { Failure, UsageError, type Options, type Run } from './command.js';
import { harmless } from './text.js';

export const confirmed: Options = {
  yes: { about: 'does not ask whether you are sure' },
};

/**
 * Whether the person is sure. Where nobody can be asked, `--yes` has to say so.
 *
 * @param question is asked only where somebody can reply; it may take a call
 * @throws UsageError when nobody can be asked, Failure when the person is not sure
 */
export async function confirm({ words }: Run, question: () => Promise<string>): Promise<void> {
  if (words.flag('yes')) return;
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new UsageError('This needs --yes where there is no terminal to ask at.');
  }
  const text = harmless(await question());
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    // Ctrl-C and the end of the input are a no.
    const closed = new Promise<undefined>((resolve) => {
      lines.once('close', () => {
        resolve(undefined);
      });
    });
    const reply = await Promise.race([lines.question(`${text} [y/N] `), closed]);
    if (reply === undefined) stderr.write('\n');
    if (!/^y(es)?$/i.test(reply?.trim() ?? '')) throw new Failure('Nothing was changed.');
  } finally {
    lines.close();
  }
}
