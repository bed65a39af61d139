import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ErrorCode, type Job } from 'bullmq';
import { shownReason } from '../common/secret.js';
import { JobBackend, jobStates, type JobState, type OpenQueue } from './job-backend.js';
import { jobNames, jobs, type JobKind, type JobName, type Payload } from './jobs.js';

/** How many jobs whose attempts have all failed are stored, until somebody looks at them. */
const failedJobs = 1_000;

function optionsOf(name: JobName) {
  const { attempts, isStored } = jobs[name];
  return {
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: isStored ? { count: failedJobs } : true,
  };
}

/** A job whose attempts have all failed. */
export interface FailedJob {
  id: string;
  /** Why the last attempt failed. */
  reason: string;
  attempts: number;
  createdAt: Date;
  failedAt: Date | null;
}

/** Whether the job no longer exists, or has not failed. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === ErrorCode.JobNotInState || code === ErrorCode.JobNotExist;
}

function failedJobOf({ id, failedReason, attemptsMade, timestamp, finishedOn }: Job): FailedJob {
  return {
    id: id ?? '',
    reason: shownReason(failedReason),
    attempts: attemptsMade,
    createdAt: new Date(timestamp),
    failedAt: finishedOn === undefined ? null : new Date(finishedOn),
  };
}

/** Adds jobs, for any process that runs them. */
@Injectable()
export class JobQueue implements OnModuleInit, OnApplicationShutdown {
  private readonly queues = new Map<JobName, OpenQueue>();

  constructor(private readonly backend: JobBackend) {}

  async onModuleInit(): Promise<void> {
    for (const name of jobNames) this.queues.set(name, await this.backend.openQueue(name));
  }

  /**
   * Adds a job, after which there is at least one run.
   *
   * @param id a waiting job with this id stays the only one
   * @throws when it is not known whether the job was stored: after at most ten seconds
   */
  async add<Name extends JobName>(name: Name, id: string, payload: Payload<Name>): Promise<void> {
    await this.queueOf(name).add(name, payload, { ...optionsOf(name), jobId: id });
  }

  /**
   * Adds jobs of a kind with one request: many at once would wait for the connections to the queue.
   *
   * @throws as `add`: some of them can be stored then
   */
  async addAll<Name extends JobName>(
    name: Name,
    added: readonly { id: string; payload: Payload<Name> }[],
  ): Promise<void> {
    if (added.length === 0) return;
    const opts = optionsOf(name);
    await this.queueOf(name).addBulk(
      added.map(({ id, payload: data }) => ({ name, data, opts: { ...opts, jobId: id } })),
    );
  }

  /**
   * Starts the repeated jobs, one of a kind at a time for all processes. Has to be called again now and
   * then: Redis can lose them.
   *
   * @throws when it is not known whether they are started
   */
  async schedule(): Promise<void> {
    for (const name of jobNames) {
      const { every, carries = {} }: JobKind = jobs[name];
      if (every === undefined) continue;
      const queue = this.queueOf(name);
      const scheduler = await queue.getJobScheduler(name);
      // An upsert restarts the interval, so a scheduler that runs stays as it is. It does not run if it
      // has stopped, or the clock was set back.
      const distance = Math.abs((scheduler?.next ?? 0) - Date.now());
      if (scheduler?.every === every && distance < 2 * every) continue;
      await queue.upsertJobScheduler(name, { every }, { data: carries, opts: optionsOf(name) });
    }
  }

  /**
   * How many jobs of a kind there are.
   *
   * @throws when the queue cannot be asked, like the other methods
   */
  async counts(name: JobName): Promise<Record<JobState, number>> {
    const counts = await this.queueOf(name).getJobCounts(...jobStates);
    const entries = jobStates.map((state) => [state, counts[state] ?? 0]);
    return Object.fromEntries(entries) as Record<JobState, number>;
  }

  /** Jobs that wait for somebody to look at them, the latest failure first. */
  async failed(name: JobName, limit: number): Promise<FailedJob[]> {
    return (await this.queueOf(name).getFailed(0, limit - 1)).map(failedJobOf);
  }

  /** A failed job; undefined when there is none with this id. */
  async findFailed(name: JobName, id: string): Promise<FailedJob | undefined> {
    const job = await this.failedOf(name, id);
    return job && failedJobOf(job);
  }

  /**
   * Retries a job.
   *
   * @returns whether it had failed, and nobody else was faster
   */
  async retry(name: JobName, id: string): Promise<boolean> {
    const job = await this.failedOf(name, id);
    if (job === undefined) return false;
    try {
      await job.retry('failed', { resetAttemptsMade: true });
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
    return true;
  }

  private async failedOf(name: JobName, id: string): Promise<Job | undefined> {
    const job = await this.queueOf(name).getJob(id);
    return job !== undefined && (await job.isFailed()) ? job : undefined;
  }

  private queueOf(name: JobName): OpenQueue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new Error(`the queue ${name} is not open`);
    return queue;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.backend.close();
  }
}
