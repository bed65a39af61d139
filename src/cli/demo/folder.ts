import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runningAddress } from '../../bootstrap/address.js';

type State = 'unfinished' | 'complete';

const stateFile = (dataDir: string) => join(dataDir, 'demo');

/**
 * Makes the folder of the demo, or takes the one that an earlier run has made. One that is not whole is made
 * again.
 *
 * @returns whether its data have to be made
 * @throws when the folder is not of a demo, or a demo runs on it
 */
export async function prepareFolder(dataDir: string): Promise<boolean> {
  const state = await readFile(stateFile(dataDir), 'utf8').catch(() => undefined);
  if (state === undefined && (await exists(dataDir))) {
    throw new Error(`${resolve(dataDir)} was not made by this command. Move it away first.`);
  }
  const running = await runningAddress(dataDir);
  if (running !== undefined) throw new Error(`The demo runs already, at ${running}`);
  if (state === ('complete' satisfies State)) return false;
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { mode: 0o700 });
  await writeState(dataDir, 'unfinished');
  return true;
}

/** Notes that the data are there as a whole. */
export const markComplete = (dataDir: string) => writeState(dataDir, 'complete');

const writeState = (dataDir: string, state: State) => writeFile(stateFile(dataDir), state);

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
