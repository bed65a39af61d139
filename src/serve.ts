import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { resolve } from 'node:path';
import { publishAddress } from './bootstrap/address.js';
import { banner, readyFields, type OperatorKey, type Started } from './bootstrap/banner.js';
import { explainTooFew } from './bootstrap/connections.js';
import { EndingKeys } from './bootstrap/ending-keys.js';
import { openInstallation } from './bootstrap/installation.js';
import { listen } from './bootstrap/listen.js';
import { OperatorKeyFile } from './bootstrap/operator-key-file.js';
import { Operators } from './bootstrap/operators.js';
import { exitOnFailure, Shutdown } from './bootstrap/process.js';
import { ReservedGrants } from './bootstrap/reserved-grants.js';
import type { StopSignals } from './bootstrap/stop-signals.js';
import { readSettings, type GivenSettings, type Settings } from './config/settings.js';
import { unknownSettings } from './config/unknown-settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import type { ServerCheck } from './database/server-checks.js';
import { createApp } from './create-app.js';
import { createLogger } from './telemetry/logger.js';
import { Steps } from './telemetry/steps.js';

const logger = createLogger();
const shutdown = new Shutdown(logger);
const progress = (message: string) => {
  logger.info(message);
};
const steps = new Steps(progress, shutdown.signal);

/** Milliseconds: an embedded server that was killed may have to repair its files first. */
const databaseMs = 600_000;
/** The same for each step of the application itself. */
const applicationMs = 120_000;

async function start(given: GivenSettings): Promise<void> {
  const opening = { what: 'opening the database', timeoutMs: databaseMs };
  const installation = await steps.run(opening, (signal) =>
    openInstallation(given, progress, signal),
  );
  shutdown.add(() => installation.stop());
  const { settings, data } = installation;
  try {
    const serve = (server: ServerCheck) => startApplication(settings, data, server);
    await withPreparedDatabase(settings, progress, serve, shutdown.signal);
  } catch (error) {
    throw explainTooFew(error, settings);
  }
}

/** On a prepared database. */
async function startApplication(
  settings: Settings,
  data: string,
  server: ServerCheck,
): Promise<void> {
  const step = { what: 'starting the application', timeoutMs: applicationMs };
  const app = await steps.run(step, () => createApp(settings, logger, server));
  const isWorker = settings.role === 'worker';
  // The process that serves requests writes the operator key, where people look for it.
  const keys = isWorker ? {} : await steps.run(step, () => prepareOperators(app));
  const listening = await steps.run(step, () => listen(app, settings));
  // A partly started application cannot be closed.
  shutdown.add(() => app.close());
  shutdown.signal.throwIfAborted();
  const url = settings.publicUrl ?? listening;
  if (isWorker) {
    logger.info({ url }, 'Keyfence is ready');
    return;
  }
  if (settings.publicUrl === undefined) {
    shutdown.add(await steps.run(step, () => publishAddress(settings, url)));
  }
  announce({ url, data, startedByNpm: settings.startedByNpm, ...keys });
}

/** @returns the operator key of a first start, and the file with a key that was not used yet */
async function prepareOperators(app: NestFastifyApplication): Promise<OperatorKey> {
  const keyFile = app.get(OperatorKeyFile);
  let operatorKey: string | undefined;
  await app.get(Operators).prepare((secret) => {
    operatorKey = secret;
    return keyFile.write(secret);
  });
  const isUnused = await keyFile.removeOnFirstUse();
  await app.get(ReservedGrants).report();
  await app.get(EndingKeys).report();
  return { operatorKey, operatorKeyFile: isUnused ? resolve(keyFile.path) : undefined };
}

/** The operator key is shown to a person at a terminal, never in a log. */
function announce(started: Started): void {
  if (process.stdout.isTTY) process.stdout.write(banner(started));
  else logger.info(readyFields(started), 'Keyfence is ready');
}

/** Runs the service until one of the signals stops it. */
export async function serve(signals: StopSignals): Promise<void> {
  const run = async () => {
    const given = readSettings();
    shutdown.listen(signals, given);
    for (const line of unknownSettings()) logger.warn(line);
    await shutdown.whileStarting(() => start(given));
  };
  await exitOnFailure(run(), logger);
}
