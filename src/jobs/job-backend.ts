import type { EventEmitter } from 'node:events';
import type { JobType, Processor, Queue, Worker, WorkerListener, WorkerOptions } from 'bullmq';
import type { Log } from '../telemetry/log.js';
import { jobs, retryDelay, type JobName } from './jobs.js';
import { OutageLog } from './outage-log.js';

/** A queue on either backend: BullMQ's own type for this names one of them. */
export type OpenQueue = Pick<
  Queue,
  | 'add'
  | 'addBulk'
  | 'getJobScheduler'
  | 'upsertJobScheduler'
  | 'getJobCounts'
  | 'getFailed'
  | 'getJob'
  | 'close'
>;

/** A worker on either backend. */
export type OpenWorker = Pick<Worker, 'run' | 'close'>;

/** What jobs wait for, or that they have failed permanently. */
export const jobStates = [
  'waiting',
  'active',
  'delayed',
  'failed',
] as const satisfies readonly JobType[];
export type JobState = (typeof jobStates)[number];

/** What runs the jobs of a worker. */
export interface JobHandlers {
  run: Processor<unknown, void>;
  failed: WorkerListener['failed'];
}

/** Where jobs are stored. There are two backends with the same behaviour: see test/queue. */
export abstract class JobBackend {
  private readonly outage: OutageLog;

  constructor(protected readonly log: Log) {
    this.outage = new OutageLog(log);
  }

  /** Opens the side that adds jobs. `add` fails quickly when jobs cannot be stored. */
  abstract openQueue(name: JobName): Promise<OpenQueue>;

  /** Opens the side that runs jobs. It starts none before `begin`. */
  abstract openWorker(name: JobName, handlers: JobHandlers): Promise<OpenWorker>;

  /** Stops a worker, after the jobs that it runs. */
  abstract closeWorker(worker: OpenWorker): Promise<void>;

  /** Closes its connections, after all queues and workers are closed. */
  abstract close(): Promise<void>;

  /** Lets a worker run jobs until it is closed. */
  begin(worker: OpenWorker): void {
    worker.run().catch(this.outage.report);
  }

  /** Logs errors that BullMQ recovers from by itself. */
  protected watch<T extends EventEmitter>(part: T): T {
    return part.on('error', this.outage.report);
  }
}

/** Options of workers on either backend. */
export function workerOptionsOf(name: JobName) {
  return {
    concurrency: jobs[name].concurrency,
    // A worker whose first connection fails would spin, and block the process.
    autorun: false,
    // A killed worker is not the fault of its job, however often that happens.
    maxStalledCount: 1_000,
    // BullMQ waits for 15 s after a refused connection.
    runRetryDelay: 500,
    settings: { backoffStrategy: retryDelay },
  } satisfies Partial<WorkerOptions>;
}
