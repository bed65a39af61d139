import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import type { ServerCheck } from './database/server-checks.js';
import { configureHttp, createAdapter } from './http/configure-http.js';
import { NestLogger, type Logger } from './telemetry/logger.js';

/** The whole service on a prepared database, ready to listen. */
export async function createApp(
  settings: Settings,
  logger: Logger,
  server: ServerCheck,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, logger, server),
    createAdapter(settings),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  configureHttp(app, settings, logger);
  return app;
}
