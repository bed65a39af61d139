import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ErrorCode } from 'bullmq';
import {
  JobBackend,
  jobStates,
  type JobState,
  type OpenQueue,
  type StoredJob,
} from './job-backend.js';
import { jobNames, jobs, type JobKind, type JobName, type Payload } from './jobs.js';

/** Jobs that all attempts have failed for, which wait for somebody to look at them. */
const failedJobs = 1_000;

function optionsOf(name: JobName) {
  const { attempts, isKept } = jobs[name];
  return {
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: isKept ? { count: failedJobs } : true,
  };
}

/** A job that all attempts have failed for. */
export interface FailedJob {
  id: string;
  /** Why the last attempt failed. */
  reason: string;
  attempts: number;
  createdAt: Date;
  failedAt: Date | null;
}

/** Whether the job is not there any more, or has not failed. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === ErrorCode.JobNotInState || code === ErrorCode.JobNotExist;
}

/** What errors say is not ours to choose. There is none of a job that is being tried again. */
function readable(reason: string | undefined = ''): string {
  return reason.replace(/\p{C}+/gu, ' ').slice(0, 500);
}

function failedJobOf({
  id,
  failedReason,
  attemptsMade,
  timestamp,
  finishedOn,
}: StoredJob): FailedJob {
  return {
    id: id ?? '',
    reason: readable(failedReason),
    attempts: attemptsMade,
    createdAt: new Date(timestamp),
    failedAt: finishedOn === undefined ? null : new Date(finishedOn),
  };
}

/** Hands jobs to whatever process runs them. */
@Injectable()
export class JobQueue implements OnModuleInit, OnApplicationShutdown {
  private readonly queues = new Map<JobName, OpenQueue>();

  constructor(private readonly backend: JobBackend) {}

  async onModuleInit(): Promise<void> {
    for (const name of jobNames) this.queues.set(name, await this.backend.openQueue(name));
  }

  /**
   * Adds a job, for which at least one run follows.
   *
   * @param id one that waits already under this id stays the only one
   * @throws when it is not known that the job was taken: after ten seconds at the most
   */
  async add<Name extends JobName>(name: Name, id: string, payload: Payload<Name>): Promise<void> {
    await this.queueOf(name).add(name, payload, { ...optionsOf(name), jobId: id });
  }

  /**
   * Lets the jobs that come by themselves do so, one of a kind at a time for all processes. To be
   * called again now and then: Redis can forget it.
   *
   * @throws when it is not known whether they do
   */
  async schedule(): Promise<void> {
    for (const name of jobNames) {
      const { every }: JobKind = jobs[name];
      if (every === undefined) continue;
      const queue = this.queueOf(name);
      const scheduler = await queue.getJobScheduler(name);
      // Touching it begins its interval anew, so it is left alone while it goes on. It does not where
      // it has stopped, or where the clock was set back.
      const distance = Math.abs((scheduler?.next ?? 0) - Date.now());
      if (scheduler?.every === every && distance < 2 * every) continue;
      await queue.upsertJobScheduler(name, { every }, { data: {}, opts: optionsOf(name) });
    }
  }

  /**
   * How many jobs there are of a kind.
   *
   * @throws when the queue cannot be asked, as the others do
   */
  async counts(name: JobName): Promise<Record<JobState, number>> {
    const counts = await this.queueOf(name).getJobCounts(...jobStates);
    const entries = jobStates.map((state) => [state, counts[state] ?? 0]);
    return Object.fromEntries(entries) as Record<JobState, number>;
  }

  /** Jobs that wait for somebody to look at them, those that failed last first. */
  async failed(name: JobName, limit: number): Promise<FailedJob[]> {
    return (await this.queueOf(name).getFailed(0, limit - 1)).map(failedJobOf);
  }

  /**
   * Lets a job be tried again.
   *
   * @returns the job as it was; undefined when there is none that has failed
   */
  async retry(name: JobName, id: string): Promise<FailedJob | undefined> {
    const job = await this.queueOf(name).getJob(id);
    if (job === undefined || !(await job.isFailed())) return undefined;
    const failed = failedJobOf(job);
    try {
      await job.retry('failed', { resetAttemptsMade: true });
    } catch (error) {
      // Somebody else was faster.
      if (isGone(error)) return undefined;
      throw error;
    }
    return failed;
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
