import type { EventEmitter } from 'node:events';
import type { Job, JobSchedulerJson, JobsOptions, WorkerOptions } from 'bullmq';
import type { Log } from '../telemetry/log.js';
import { jobs, retryDelay, type JobName } from './jobs.js';
import { OutageLog } from './outage-log.js';

/** A queue of BullMQ, as far as it is used here. */
export interface OpenQueue {
  add(name: string, payload: unknown, options: JobsOptions): Promise<unknown>;
  getJobScheduler(id: string): Promise<JobSchedulerJson | undefined>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    template: { data: unknown; opts: JobsOptions },
  ): Promise<unknown>;
  getJobCounts(...states: JobState[]): Promise<Record<string, number>>;
  getFailed(start: number, end: number): Promise<StoredJob[]>;
  getJob(id: string): Promise<StoredJob | undefined>;
  close(): Promise<void>;
}

/** What jobs wait for, or that they have failed for good. */
export const jobStates = ['waiting', 'active', 'delayed', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** A job of BullMQ, as far as it is used here. */
export type StoredJob = Pick<
  Job,
  'id' | 'failedReason' | 'attemptsMade' | 'timestamp' | 'finishedOn' | 'isFailed' | 'retry'
>;

/** A worker of BullMQ, as far as it is used here. */
export interface OpenWorker {
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  close(): Promise<void>;
}

/** Where jobs wait. There are two, which behave alike: see test/queue. */
export abstract class JobBackend {
  private readonly outage: OutageLog;

  constructor(protected readonly log: Log) {
    this.outage = new OutageLog(log);
  }

  /** Opens the producing side. `add` fails soon where jobs cannot be taken. */
  abstract openQueue(name: JobName): Promise<OpenQueue>;

  /** Opens the side that runs jobs, which begins at once. */
  abstract openWorker(name: JobName, run: (job: Job) => Promise<void>): Promise<OpenWorker>;

  /** Ends its connections, when all queues and workers are closed. */
  abstract close(): Promise<void>;

  /** Tells the log of errors that BullMQ recovers from by itself. */
  protected watch<T extends EventEmitter>(part: T): T {
    return part.on('error', this.outage.report);
  }
}

/** How workers work on either backend. */
export function workerOptionsOf(name: JobName) {
  return {
    concurrency: jobs[name].concurrency,
    // Killed workers are no fault of their job, however often they are.
    maxStalledCount: 1_000,
    // BullMQ waits for 15 s after a connection was refused.
    runRetryDelay: 500,
    settings: { backoffStrategy: retryDelay },
  } satisfies Partial<WorkerOptions>;
}
