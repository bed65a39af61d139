import 'reflect-metadata';
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

    const keyFile = app.get(OperatorKeyFile);
    let operatorKey: string | undefined;
    const { isFirstStart } = await app.get(Operators).prepare((secret) => {
      operatorKey = secret;
      return keyFile.write(secret);
    });
    await keyFile.removeOnFirstUse();

    const listening = await listen(app, settings);
    const url = settings.publicUrl ?? listening;
    if (isFirstStart) {
      const isWatched = process.stdout.isTTY;
      process.stdout.write(welcome(url, keyFile.path, isWatched ? operatorKey : undefined));
    }
    logger.info({ url }, 'Keyfence is ready');
  });
}

await exitOnFailure(start(), logger);
