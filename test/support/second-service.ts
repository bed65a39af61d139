import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { Operators } from '../../src/bootstrap/operators.js';
import type { Settings } from '../../src/config/settings.js';
import { createApp } from '../../src/create-app.js';
import { ServerCheck } from '../../src/database/server-checks.js';
import { OpenApiController } from '../../src/http/openapi.controller.js';
import { Caller, type Transcript } from './client.js';
import { publishDocument } from './contract.js';
import { assertNoLeak } from './leaks.js';
import type { Service, ServiceOptions } from './service.js';

/** A further node on the database of another one. */
export interface SecondService {
  url: string;
  settings: Settings;
  app: NestFastifyApplication;
  nobody: Caller;
  as(key: string): Caller;
  log: string[];
  /** Stops it, after a search of log, database and responses for secrets. Before the first one. */
  stop(): Promise<void>;
}

/**
 * Starts a further node on the database of `first`.
 *
 * @throws whatever keeps it from starting
 */
export async function startSecondService(
  first: Service,
  options: ServiceOptions = {},
): Promise<SecondService> {
  const settings = { ...first.settings, ...options.settings };
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => log.push(line) });
  const app = await createApp(settings, logger, new ServerCheck(settings.allowUnsafeDatabase));
  try {
    options.beforeRoutes?.(app);
    await app.get(Operators).prepare(() => Promise.reject(new Error('not the first start')));
    await app.listen(0, settings.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  publishDocument(url, app.get(OpenApiController).document());
  const transcript: Transcript = [];
  return {
    url,
    settings,
    app,
    log,
    nobody: new Caller(url, transcript),
    as: (key) => new Caller(url, transcript, key),
    stop: async () => {
      await app.close();
      await assertNoLeak({
        db: first.db,
        log,
        transcript,
        operatorKey: first.operator.key ?? '',
      });
    },
  };
}
