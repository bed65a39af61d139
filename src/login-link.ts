import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { openInstallation } from './bootstrap/installation.js';
import { exitOnFailure } from './bootstrap/process.js';
import { readSettings } from './config/settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import { SignInLinks } from './sessions/sign-in-links.js';
import { createLogger, NestLogger } from './telemetry/logger.js';

const logger = createLogger();

/** Prints a link with which a person signs in to the console. */
async function printLink(email: string | undefined): Promise<void> {
  if (email === undefined) throw new Error('Whose? npm run login-link -- ada@example.com');
  const installation = await openInstallation(readSettings(), (message) => {
    logger.info(message);
  });
  // Runs no jobs.
  const settings = Object.freeze({ ...installation.settings, role: 'api' as const });
  try {
    await withPreparedDatabase(
      settings,
      () => undefined,
      async () => {
        const app = await NestFactory.createApplicationContext(
          AppModule.forRoot(settings, logger),
          {
            logger: new NestLogger(logger),
            abortOnError: false,
          },
        );
        try {
          const url = settings.publicUrl ?? `http://localhost:${settings.port ?? 3000}`;
          const made = await app.get(SignInLinks).make(email.toLowerCase(), url);
          if (made === undefined) throw new Error(`No active person has the address ${email}.`);
          process.stdout.write(`\n  ${made.link}\n\n  Works once, within 15 minutes.\n\n`);
        } finally {
          await app.close();
        }
      },
    );
  } finally {
    await installation.stop();
  }
}

await exitOnFailure(printLink(process.argv[2]), logger);
