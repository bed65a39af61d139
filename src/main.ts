import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openInstallation } from './bootstrap/installation.js';
import { listen } from './bootstrap/listen.js';
import { OperatorKeyFile } from './bootstrap/operator-key-file.js';
import { Operators } from './bootstrap/operators.js';
import { exitOnFailure, stopOnSignals } from './bootstrap/process.js';
import { welcome } from './bootstrap/welcome.js';
import { readSettings } from './config/settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import { createApp } from './create-app.js';
import { createLogger } from './telemetry/logger.js';

const logger = createLogger();

async function start(): Promise<void> {
  const given = readSettings();
  const progress = (message: string) => {
    logger.info(message);
  };
  const stop = stopOnSignals(given, logger);
  const installation = await openInstallation(given, progress);
  stop.push(() => installation.stop());
  const { settings } = installation;

  await withPreparedDatabase(settings, progress, async () => {
    const app = await createApp(settings, logger);
    stop.push(() => app.close());

    // The operator key is left where people look for it: with a process that answers requests.
    const welcomeAt = settings.role === 'worker' ? undefined : await prepareOperators(app);
    const listening = await listen(app, settings);
    const url = settings.publicUrl ?? listening;
    welcomeAt?.(url);
    logger.info({ url }, 'Keyfence is ready');
  });
}

/** @returns what welcomes a newcomer, at the URL where it listens */
async function prepareOperators(app: NestFastifyApplication): Promise<(url: string) => void> {
  const keyFile = app.get(OperatorKeyFile);
  let operatorKey: string | undefined;
  const { isFirstStart } = await app.get(Operators).prepare((secret) => {
    operatorKey = secret;
    return keyFile.write(secret);
  });
  await keyFile.removeOnFirstUse();
  return (url) => {
    if (!isFirstStart) return;
    const isWatched = process.stdout.isTTY;
    process.stdout.write(welcome(url, keyFile.path, isWatched ? operatorKey : undefined));
  };
}

await exitOnFailure(start(), logger);
