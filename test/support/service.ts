import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { pino } from 'pino';
import { Operators } from '../../src/bootstrap/operators.js';
import type { Settings } from '../../src/config/settings.js';
import { createApp } from '../../src/create-app.js';
import { OpenApiController } from '../../src/http/openapi.controller.js';
import { Caller, type Transcript } from './client.js';
import { publishDocument } from './contract.js';
import { createDatabase } from './environment.js';
import { assertNoLeak } from './leaks.js';

/** A running service on a database of its own. */
export interface Service {
  url: string;
  settings: Settings;
  app: NestFastifyApplication;
  /** The database, as its superuser sees it. */
  db: Pool;
  /** Holds the operator key of the first start. */
  operator: Caller;
  /** A client without a key. */
  nobody: Caller;
  /** A client with this key. */
  as(key: string): Caller;
  /** Lines of the log. */
  log: string[];
  /** Stops it, after a search of log, database and answers for secrets. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  settings?: Partial<Settings>;
  /** Called before the routes are registered. */
  beforeRoutes?: (app: NestFastifyApplication) => void;
}

function defaults(databaseUrl: string, dataDir: string): Settings {
  return {
    port: 0,
    host: '127.0.0.1',
    databaseUrl,
    migrationUrl: undefined,
    redisUrl: undefined,
    role: undefined,
    smtpUrl: undefined,
    mailFrom: undefined,
    dataDir,
    secrets: [randomBytes(32).toString('hex')],
    keyPrefix: 'kf',
    trustedProxies: [],
    // Tests that are not about it send any number of bad keys from one address.
    maxFailedAuthentications: 1_000_000,
    publicUrl: undefined,
    verifyMode: 'strict',
    cacheKeys: 10_000,
    fenceTimeout: 2_000,
    allowUnsafeDatabase: false,
    allowPrivateWebhooks: false,
    startedByNpm: false,
  };
}

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-test-'));
  const settings = { ...defaults(database.url, dataDir), ...options.settings };
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => log.push(line) });
  const app = await createApp(settings, logger);
  options.beforeRoutes?.(app);
  let operatorKey = '';
  await app.get(Operators).prepare((secret) => {
    operatorKey = secret;
    return Promise.resolve();
  });
  await app.listen(0, settings.host);
  const url = await app.getUrl();
  publishDocument(url, app.get(OpenApiController).document());
  const transcript: Transcript = [];
  const db = new Pool({ connectionString: database.adminUrl, max: 4 });
  db.on('error', () => undefined);
  return {
    url,
    settings,
    app,
    db,
    log,
    operator: new Caller(url, transcript, operatorKey),
    nobody: new Caller(url, transcript),
    as: (key) => new Caller(url, transcript, key),
    stop: async () => {
      await app.close();
      try {
        await assertNoLeak({ db, log, transcript, operatorKey });
      } finally {
        await db.end();
        await database.drop();
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  };
}
