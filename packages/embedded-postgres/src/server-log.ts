import { closeSync, openSync } from 'node:fs';
import { copyFile, open, stat, truncate } from 'node:fs/promises';

const MAX_BYTES = 2_000_000;
const TRIM_EVERY_MS = 10_000;
const TAIL_BYTES = 3000;

/** Runs `use` with a descriptor to which the server appends its log. */
export function withLogFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, 'a', 0o600);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Where the log ends now; what a server writes later starts here. */
export async function logEnd(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

/** The last lines that were written after `from`. */
export async function logTail(path: string, from: number): Promise<string> {
  const end = await logEnd(path);
  const start = Math.max(from <= end ? from : 0, end - TAIL_BYTES);
  if (end === start) return '';
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(end - start),
      0,
      end - start,
      start,
    );
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-15).join('\n');
  } finally {
    await handle.close();
  }
}

/** Limits the size of the log until the returned function is called. */
export function keepLogShort(path: string): () => void {
  const trim = (): void => {
    // If it cannot be trimmed now (a full disk), the next round tries again.
    trimLog(path).catch(() => undefined);
  };
  trim();
  const timer = setInterval(trim, TRIM_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
  };
}

/** Emptied in place: the server keeps its descriptor and continues to append. */
export async function trimLog(path: string, maxBytes = MAX_BYTES): Promise<void> {
  if ((await logEnd(path)) <= maxBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}
