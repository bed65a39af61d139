import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { openInstallation } from './bootstrap/installation.js';
import { OperatorKeyFile } from './bootstrap/operator-key-file.js';
import { Operators } from './bootstrap/operators.js';
import { exitOnFailure } from './bootstrap/process.js';
import { readSettings } from './config/settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import { createLogger, NestLogger } from './telemetry/logger.js';

const logger = createLogger();

/** Makes a new operator with a key, for people who have lost all of theirs. */
async function recover(): Promise<void> {
  const progress = (message: string) => {
    logger.info(message);
  };
  const installation = await openInstallation(readSettings(), progress);
  // Runs no jobs.
  const settings = Object.freeze({ ...installation.settings, role: 'api' as const });
  try {
    await withPreparedDatabase(settings, progress, async () => {
      const app = await NestFactory.createApplicationContext(AppModule.forRoot(settings, logger), {
        logger: new NestLogger(logger),
        abortOnError: false,
      });
      try {
        const file = app.get(OperatorKeyFile);
        const keep = async (secret: string) => {
          await file.write(secret);
          if (process.stdout.isTTY) process.stdout.write(`\n  ${secret}\n\n`);
        };
        await app.get(Operators).recover(keep);
        logger.info(`A new operator key is in ${file.path}. Revoke the lost ones with it.`);
      } finally {
        await app.close();
      }
    });
  } finally {
    await installation.stop();
  }
}

await exitOnFailure(recover(), logger);
