import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { readSettings } from '../../src/config/settings.js';
import { ServerCheck } from '../../src/database/server-checks.js';
import { createLogger } from '../../src/telemetry/logger.js';
import type { KnownKeys } from './known-keys.js';

/**
 * The service within this process, without HTTP.
 *
 * @param settings further variables of its environment
 */
export function openApplication(
  { databaseUrl, secret }: Pick<KnownKeys, 'databaseUrl' | 'secret'>,
  settings: Record<string, string>,
): Promise<INestApplicationContext> {
  const variables = {
    DATABASE_URL: databaseUrl,
    KEYFENCE_SECRET: secret,
    // How long it takes is what is measured: nobody stops before.
    KEYFENCE_FENCE_TIMEOUT_MS: '10000',
    ...settings,
  };
  const given = { ...readSettings(variables), databaseUrl, secrets: [secret] };
  const logger = createLogger({ write: () => undefined });
  const server = new ServerCheck(given.allowUnsafeDatabase);
  return NestFactory.createApplicationContext(AppModule.forRoot(given, logger, server), {
    logger: false,
    abortOnError: false,
  });
}
