import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hasCluster, startEmbeddedServer } from '@keyfence/embedded-postgres';
import { maskUrl } from '../config/mask-url.js';
import { SettingsError, type GivenSettings, type Settings } from '../config/settings.js';
import { makeDataDir } from './data-dir.js';

/** The store of the service, and how to reach it. */
interface Installation {
  settings: Settings;
  /** Where the data are, for people: a folder, or a database without its password. */
  data: string;
  /** Stops the embedded server, if there is one. */
  stop(): Promise<void>;
}

/** The secret of an embedded installation: created once, readable by its user only. */
async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  try {
    await writeFile(path, `${randomBytes(32).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}

/**
 * Opens the database that is set, or else starts the embedded one.
 *
 * @param progress receives a line for each slow step
 * @param signal aborted when the start is cancelled: rejects once the embedded one is stopped again
 * @throws SettingsError when the embedded one has no folder to write to
 */
export async function openInstallation(
  given: GivenSettings,
  progress: (message: string) => void,
  signal?: AbortSignal,
): Promise<Installation> {
  const { dataDir, databaseUrl, secrets } = given;
  if (databaseUrl !== undefined && secrets !== undefined) {
    return {
      settings: Object.freeze({ ...given, databaseUrl, secrets }),
      data: maskUrl(databaseUrl),
      stop: () => Promise.resolve(),
    };
  }
  await makeDataDir(dataDir);
  const server = await startEmbeddedServer({ dataDir, progress, signal });
  const settings = Object.freeze({
    ...given,
    databaseUrl: server.url,
    secrets: secrets ?? [await ownSecret(dataDir)],
  });
  return { settings, data: resolve(dataDir), stop: () => server.stop() };
}

/**
 * The same for commands on an existing installation: they create none.
 *
 * @throws SettingsError when no database is set and there is no embedded one
 */
export async function openExistingInstallation(
  given: GivenSettings,
  progress: (message: string) => void,
  signal?: AbortSignal,
): Promise<Installation> {
  if (given.databaseUrl === undefined && !(await hasCluster(given.dataDir))) {
    throw new SettingsError(
      `DATABASE_URL is not set, and there is no embedded database in ${given.dataDir}.`,
    );
  }
  return openInstallation(given, progress, signal);
}
