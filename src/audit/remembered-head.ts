import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatHead, parseHead, type ChainHead } from './chain.js';

/** The head that a node logged last, and the epoch of the history at that time. */
export interface RememberedHead {
  head: ChainHead;
  /** It changes when a restore is marked. */
  epoch: string;
}

export const headFile = (dataDir: string) => join(dataDir, 'audit-head');

/**
 * The head that the last process with this data directory has stored.
 *
 * @returns undefined when there is none
 * @throws when it cannot be read
 */
export async function readRememberedHead(dataDir: string): Promise<RememberedHead | undefined> {
  const path = headFile(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [copy = '', epoch = ''] = text.trim().split(' ');
  const head = parseHead(copy);
  if (head === undefined) throw new Error(`${path} holds no head of the audit chain`);
  return { head: { seq: head.seq, hash: head.hash }, epoch };
}

/** Stores it for the next process, and for `audit:verify`. @throws when it cannot be written */
export async function writeRememberedHead(
  dataDir: string,
  { head, epoch }: RememberedHead,
): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = headFile(dataDir);
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${formatHead(head)} ${epoch}\n`, { mode: 0o600, flag: 'wx' });
  // Written completely or not at all, even if the power fails.
  await rename(draft, path);
}
