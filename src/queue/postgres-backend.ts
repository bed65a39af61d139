import { createPostgresBackend, Queue, Worker, type Job } from 'bullmq';
import type { Pool } from 'pg';
import { createJobPool } from '../database/connection.js';
import type { Log } from '../telemetry/log.js';
import { JobBackend, workerOptionsOf, type OpenQueue, type OpenWorker } from './job-backend.js';
import { jobNames, type JobName } from './jobs.js';

/** Each worker keeps a connection to listen on; the others are shared. */
const connections = jobNames.length + 2;

/** Jobs in our own PostgreSQL, in the tables of BullMQ, which migrations have made. */
export class PostgresBackend extends JobBackend {
  private readonly pool: Pool;

  constructor(databaseUrl: string, log: Log) {
    super(log);
    this.pool = createJobPool(databaseUrl, connections, log.logger);
    // Each queue and worker listens to its errors: Node would take so many for a leak.
    this.pool.setMaxListeners(0);
  }

  // Both wait until they are ready: BullMQ would remember for ever that it once was not.

  override async openQueue(name: JobName): Promise<OpenQueue> {
    const queue = this.watch(new Queue(name, { connection: this.pool }, createPostgresBackend));
    await queue.waitUntilReady();
    return queue;
  }

  override async openWorker(name: JobName, run: (job: Job) => Promise<void>): Promise<OpenWorker> {
    const options = { ...workerOptionsOf(name), connection: this.pool };
    const worker = this.watch(new Worker(name, run, options, createPostgresBackend));
    await worker.waitUntilReady();
    return worker;
  }

  override async close(): Promise<void> {
    await this.pool.end();
  }
}
