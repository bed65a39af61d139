import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { openInstallation } from './bootstrap/installation.js';
import { Operators } from './bootstrap/operators.js';
import { exitOnFailure } from './bootstrap/process.js';
import { readSettings } from './config/settings.js';
import { withPreparedDatabase } from './database/migrate.js';
import { SignInLinks } from './sessions/sign-in-links.js';
import { createLogger, NestLogger } from './telemetry/logger.js';
import { email } from './users/user.dto.js';

const logger = createLogger();

/** Whose link, and whether they are to be an operator. @throws Error that says how to ask */
function read(args: string[]): { email: string; isOperator: boolean } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { operator: { type: 'boolean', default: false } },
  });
  const { data: address, success } = email.safeParse(positionals[0]);
  if (!success || positionals.length > 1) {
    throw new Error('Whose? npm run login-link -- ada@example.com [--operator]');
  }
  return { email: address, isOperator: values.operator };
}

/** Prints a link with which a person signs in to the console. */
async function printLink(args: string[]): Promise<void> {
  const asked = read(args);
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
          if (asked.isOperator) await app.get(Operators).admit(asked.email);
          const url = settings.publicUrl ?? `http://localhost:${settings.port ?? 3000}`;
          const made = await app.get(SignInLinks).make(asked.email, url);
          if (made === undefined) {
            throw new Error(`No active person has the address ${asked.email}.`);
          }
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

await exitOnFailure(printLink(process.argv.slice(2)), logger);
