import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { readSettings } from '../../src/config/settings.js';
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
    // How long it takes is what is measured: nobody gives up before.
    KEYFENCE_FENCE_TIMEOUT_MS: '10000',
    ...settings,
  };
  const given = { ...readSettings(variables), databaseUrl, secrets: [secret] };
  const logger = createLogger({ write: () => undefined });
  return NestFactory.createApplicationContext(AppModule.forRoot(given, logger), {
    logger: false,
    abortOnError: false,
  });
}
