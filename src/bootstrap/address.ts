import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';
import { makeDataDir } from './data-dir.js';

/** Milliseconds that a service on this machine may take to say that it is alive. */
const aliveMs = 2_000;

const addressFile = (dataDir: string) => join(dataDir, 'address');

/**
 * Stores where the service listens, for commands on the same data directory.
 *
 * @returns a function that removes it at the stop
 */
export async function publishAddress(
  { dataDir }: Settings,
  url: string,
): Promise<() => Promise<void>> {
  const file = addressFile(dataDir);
  await makeDataDir(dataDir);
  await writeFile(file, `${url}\n`, { mode: 0o600 });
  return async () => {
    // Another process on this data directory may have written its own since.
    if ((await read(file)) === url) await rm(file, { force: true });
  };
}

/** The address of the service that runs on this data directory, if one does. */
export async function runningAddress(dataDir: string): Promise<string | undefined> {
  const url = await read(addressFile(dataDir));
  if (url === undefined || !URL.canParse(url)) return undefined;
  // A process that was killed leaves its address.
  const isAlive = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(aliveMs) }).then(
    ({ ok }) => ok,
    () => false,
  );
  return isAlive ? url : undefined;
}

async function read(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text?.trim();
}
