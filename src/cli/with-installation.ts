import { openInstallation } from '../bootstrap/installation.js';
import { readSettings, type Settings } from '../config/settings.js';
import { Steps } from '../telemetry/steps.js';

/** Milliseconds: an embedded server that was killed may have to repair its files first. */
const databaseMs = 600_000;

/** Progress of a command. Standard output belongs to its result. */
export function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Opens the installation of this environment, runs `work` on it and closes it. */
export async function withInstallation(
  work: (settings: Settings) => Promise<void>,
  open = openInstallation,
): Promise<void> {
  const given = readSettings();
  const opening = { what: 'opening the database', timeoutMs: databaseMs };
  const installation = await new Steps(progress).run(opening, (signal) =>
    open(given, progress, signal),
  );
  try {
    await work(installation.settings);
  } finally {
    await installation.stop();
  }
}
