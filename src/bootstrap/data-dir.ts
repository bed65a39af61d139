import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SettingsError } from '../config/settings.js';

/**
 * Creates the data directory if it is missing, for its user only.
 *
 * @throws SettingsError when this process cannot write to it
 */
export async function makeDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError(
      `KEYFENCE_DATA_DIR cannot be used: this user cannot write to the folder ${resolve(path)} (${code}). ` +
        'Change its owner, or choose another folder.',
      { cause },
    );
  }
}
