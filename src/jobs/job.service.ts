import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import { Problem } from '../common/errors.js';
import type { Committed } from '../database/transactions.js';
import { Mutations } from '../permissions/mutations.js';
import { JobQueue } from '../queue/job-queue.js';
import { jobNames } from '../queue/jobs.js';
import { failedJobView, jobCounts, type FailedJobView, type JobsView } from './job.dto.js';

/** As ids of jobs are that can fail for good; others must not reach the backend, where they mean more. */
const jobId = /^[\w-]{1,100}$/;

/** Failed jobs of each kind that are shown. */
const shown = 100;

/** @throws Problem `unavailable` when the queue cannot be asked */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Problem('unavailable', 'The queue of jobs does not answer.', {}, { cause });
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
  async look(): Promise<JobsView> {
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
   * Lets a job that has failed be tried again, from the start.
   *
   * @throws Problem `not_found`, `unavailable`
   */
  retry(caller: Caller, kind: string, id: string): Promise<Committed<FailedJobView>> {
    return this.mutations.run(caller, [], async ({ me, record }) => {
      const name = jobNames.find((each) => each === kind);
      if (name === undefined || !jobId.test(id)) throw new Problem('not_found');
      const job = await asked(this.queue.retry(name, id));
      if (job === undefined) throw new Problem('not_found');
      const view = failedJobView(name, job);
      const { reason } = view;
      const orgId = me.principal.org.id;
      await record({ orgId, action: 'job.retried', targetId: id, before: { kind: name, reason } });
      return view;
    });
  }
}
