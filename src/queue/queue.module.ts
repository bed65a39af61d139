import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { Log } from '../telemetry/log.js';
import { JobBackend } from './job-backend.js';
import { JobQueue } from './job-queue.js';
import { PostgresBackend } from './postgres-backend.js';
import { RedisBackend } from './redis-backend.js';

/**
 * Begins the names of everything in Redis: installations that share one, such as a copy of the
 * database somewhere else, must not run each other's jobs.
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
): Promise<JobBackend> {
  if (redisUrl === undefined) return new PostgresBackend(databaseUrl, log);
  return new RedisBackend(redisUrl, await prefixOf(dataSource), log);
}

/** Jobs: what runs later, and elsewhere. */
@Module({
  providers: [
    { provide: JobBackend, inject: [Settings, DataSource, Log], useFactory: createBackend },
    JobQueue,
  ],
  exports: [JobBackend, JobQueue],
})
export class QueueModule {}
