import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { JobBackend, type OpenQueue } from './job-backend.js';
import { jobNames, jobs, type JobName, type Payload } from './jobs.js';

/** Jobs that all attempts have failed for, which wait for somebody to look at them. */
const failedJobs = 1_000;

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
    const queue = this.queues.get(name);
    if (queue === undefined) throw new Error(`the queue ${name} is not open`);
    await queue.add(name, payload, {
      jobId: id,
      attempts: jobs[name].attempts,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: { count: failedJobs },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.backend.close();
  }
}
