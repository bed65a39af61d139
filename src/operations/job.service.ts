import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { Problem } from '../common/errors.js';
import type { Committed } from '../database/transactions.js';
import { JobQueue } from '../jobs/job-queue.js';
import { jobNames } from '../jobs/jobs.js';
import { failedJobView, jobCounts, type FailedJobView, type JobsView } from './job.dto.js';

/**
 * The form of ids of jobs that can fail permanently; others must not reach the backend, where they have
 * other meanings.
 */
const jobId = /^[\w-]{1,100}$/;

/** How many failed jobs of each kind are shown. */
const shown = 100;

/** @throws Problem `unavailable` when the queue cannot be asked */
async function asked<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    throw new Problem('unavailable', 'The queue of jobs does not respond.', {}, { cause });
  }
}

/** Jobs of all processes, for operators. */
@Injectable()
export class JobService {
  constructor(
    private readonly queue: JobQueue,
    private readonly mutations: Mutations,
  ) {}

  /** @throws Problem `unavailable` */
  async get(): Promise<JobsView> {
    const kinds = jobNames.map(async (name) => ({
      counts: jobCounts(name, await this.queue.counts(name)),
      failed: (await this.queue.failed(name, shown)).map((job) => failedJobView(name, job)),
    }));
    const found = await asked(Promise.all(kinds));
    return {
      counts: found.map(({ counts }) => counts),
      failed: found.flatMap(({ failed }) => failed),
    };
  }

  /**
   * Starts a failed job again, from the first attempt. The queue is no part of the transaction: the job
   * is put back only after the audit row is stored. So there can be a row for a retry that the queue
   * did not take, but no job runs again without a row.
   *
   * @throws Problem `not_found`, `unavailable`
   */
  async retry(caller: Caller, kind: string, id: string): Promise<Committed<FailedJobView>> {
    const name = jobNames.find((each) => each === kind);
    const told = await this.mutations.run(caller, [], async ({ me, record }) => {
      if (name === undefined || !jobId.test(id)) throw new Problem('not_found');
      const job = await asked(this.queue.findFailed(name, id));
      if (job === undefined) throw new Problem('not_found');
      const view = failedJobView(name, job);
      const { reason } = view;
      const orgId = me.principal.org.id;
      await record({ orgId, action: 'job.retried', targetId: id, before: { kind: name, reason } });
      return view;
    });
    if (!(await asked(this.queue.retry(told.kind, id)))) throw new Problem('not_found');
    return told;
  }
}
