import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Settings } from '../config/settings.js';
import { withPreparedDatabase } from '../database/migrate.js';
import { createLogger, NestLogger } from '../telemetry/logger.js';
import { Steps } from '../telemetry/steps.js';
import { progress } from './with-installation.js';

/** Milliseconds. */
const applicationMs = 120_000;

/**
 * Runs `work` on the application, which serves no requests and runs no jobs.
 *
 * @param databaseUrl connects with another role than that of the service
 */
export async function withApplication(
  settings: Settings,
  work: (app: INestApplicationContext) => Promise<void>,
  { databaseUrl }: Pick<Settings, 'databaseUrl'> = settings,
): Promise<void> {
  const logger = createLogger(process.stderr);
  logger.level = 'warn';
  await withPreparedDatabase(settings, progress, async (server) => {
    const module = AppModule.forRoot(
      Object.freeze({ ...settings, databaseUrl, role: 'api' }),
      logger,
      server,
    );
    const options = { logger: new NestLogger(logger), abortOnError: false } as const;
    const step = { what: 'starting the application', timeoutMs: applicationMs };
    const app = await new Steps(progress).run(step, () =>
      NestFactory.createApplicationContext(module, options),
    );
    try {
      await work(app);
    } finally {
      await app.close();
    }
  });
}
