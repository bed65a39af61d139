import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type { Pool } from 'pg';
import { createJobPool } from '../database/connection.js';
import type { ServerCheck } from '../database/server-checks.js';
import type { Log } from '../telemetry/log.js';
import {
  JobBackend,
  workerOptionsOf,
  type JobHandlers,
  type OpenQueue,
  type OpenWorker,
} from './job-backend.js';
import { jobNames, type JobName } from './jobs.js';

/** Each worker has a connection for listening; the others are shared. */
export const jobConnections = jobNames.length + 2;

/** Jobs in our own PostgreSQL, in the tables of BullMQ, which migrations create. */
export class PostgresBackend extends JobBackend {
  private readonly pool: Pool;

  constructor(databaseUrl: string, log: Log, server: ServerCheck) {
    super(log);
    this.pool = createJobPool(databaseUrl, jobConnections, { logger: log.logger, server });
    // Each queue and worker listens for its errors: Node would warn of a leak.
    this.pool.setMaxListeners(0);
  }

  // Both wait until they are ready: BullMQ would remember permanently that it once was not.

  override async openQueue(name: JobName): Promise<OpenQueue> {
    const queue = this.watch(new Queue(name, { connection: this.pool }, createPostgresBackend));
    await queue.waitUntilReady();
    return queue;
  }

  override async openWorker(name: JobName, { run, failed }: JobHandlers): Promise<OpenWorker> {
    const options = { ...workerOptionsOf(name), connection: this.pool };
    const worker = this.watch(new Worker(name, run, options, createPostgresBackend));
    worker.on('failed', failed);
    try {
      await worker.waitUntilReady();
      // Names the connection that it listens on, which has to be open: `waitUntilReady` ignores a
      // failure.
      await worker.getBackend().setName(name);
    } catch (error) {
      await worker.close();
      throw error;
    }
    return worker;
  }

  override closeWorker(worker: OpenWorker): Promise<void> {
    return worker.close();
  }

  override async close(): Promise<void> {
    await this.pool.end();
  }
}
