import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { ServerCheck } from '../database/server-checks.js';
import { Log } from '../telemetry/log.js';
import { JobBackend } from './job-backend.js';
import { JobQueue } from './job-queue.js';
import { PostgresBackend } from './postgres-backend.js';
import { RedisBackend } from './redis-backend.js';

/**
 * The prefix of all names in Redis. Installations that share one, for example a copy of the database
 * elsewhere, must not run each other's jobs.
 */
async function prefixOf(dataSource: DataSource): Promise<string> {
  const [row] = await dataSource.query<[{ prefix: string }]>(
    `SELECT 'keyfence-' || system_identifier || '-' || oid AS prefix
     FROM pg_control_system(), pg_database WHERE datname = current_database()`,
  );
  return row.prefix;
}

async function createBackend(
  { redisUrl, databaseUrl }: Settings,
  dataSource: DataSource,
  log: Log,
  server: ServerCheck,
): Promise<JobBackend> {
  if (redisUrl === undefined) return new PostgresBackend(databaseUrl, log, server);
  return new RedisBackend(redisUrl, await prefixOf(dataSource), log);
}

/** Jobs: work that runs later, maybe in another process. */
@Module({
  providers: [
    {
      provide: JobBackend,
      inject: [Settings, DataSource, Log, ServerCheck],
      useFactory: createBackend,
    },
    JobQueue,
  ],
  exports: [JobBackend, JobQueue],
})
export class JobsModule {}
