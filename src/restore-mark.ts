import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { openExistingInstallation } from './bootstrap/installation.js';
import { exitOnFailure } from './bootstrap/process.js';
import { refuseUnmarkable, RestoreMark } from './bootstrap/restore-mark.js';
import { readSettings } from './config/settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import { createLogger, NestLogger } from './telemetry/logger.js';

const logger = createLogger();

/** For operators who have restored the database from a backup. */
async function mark(): Promise<void> {
  const progress = (message: string) => {
    logger.info(message);
  };
  const installation = await openExistingInstallation(readSettings(), progress);
  const { settings } = installation;
  const ownerUrl = settings.migrationUrl ?? settings.databaseUrl;
  try {
    // Before the schema is brought up to date: an empty database stays empty.
    await refuseUnmarkable(ownerUrl);
    await withPreparedDatabase(settings, progress, async () => {
      // Runs no jobs.
      const asOwner = Object.freeze({ ...settings, databaseUrl: ownerUrl, role: 'api' as const });
      const app = await NestFactory.createApplicationContext(AppModule.forRoot(asOwner, logger), {
        logger: new NestLogger(logger),
        abortOnError: false,
      });
      try {
        const { before, after, authSeq } = await app.get(RestoreMark).set();
        process.stdout.write(
          `Marked as restored: epoch ${after} follows ${before}, from number ${authSeq} on\n`,
        );
      } finally {
        await app.close();
      }
    });
  } finally {
    await installation.stop();
  }
}

await exitOnFailure(mark(), logger);
