import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError, type GivenSettings, type Settings } from '../config/settings.js';
import { hasCluster } from '../database/embedded/cluster.js';
import { startEmbeddedServer } from '../database/embedded/embedded-server.js';

/** The store that the service works on, and what reaches it. */
export interface Installation {
  settings: Settings;
  /** Stops the embedded server, if there is one. */
  stop(): Promise<void>;
}

/** The secret of an embedded installation: made once, readable by its user alone. */
async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
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
 */
export async function openInstallation(
  given: GivenSettings,
  progress: (message: string) => void,
): Promise<Installation> {
  const { dataDir, databaseUrl, secrets } = given;
  if (databaseUrl !== undefined && secrets !== undefined) {
    return {
      settings: Object.freeze({ ...given, databaseUrl, secrets }),
      stop: () => Promise.resolve(),
    };
  }
  const server = await startEmbeddedServer({ dataDir, progress });
  const settings = Object.freeze({
    ...given,
    databaseUrl: server.url,
    secrets: secrets ?? [await ownSecret(dataDir)],
  });
  return { settings, stop: () => server.stop() };
}

/**
 * The same for commands that look after an installation: they make none.
 *
 * @throws SettingsError when no database is set and there is no embedded one
 */
export async function openExistingInstallation(
  given: GivenSettings,
  progress: (message: string) => void,
): Promise<Installation> {
  if (given.databaseUrl === undefined && !(await hasCluster(given.dataDir))) {
    throw new SettingsError(
      `DATABASE_URL is not set, and there is no embedded database in ${given.dataDir}.`,
    );
  }
  return openInstallation(given, progress);
}
