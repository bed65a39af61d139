import {
  Characters,
  Count,
  Describes,
  Instant,
  ListOf,
  Nested,
  Nullable,
  OneOf,
} from '../common/fields.js';
import { exampleOf } from '../common/json-schema.js';
import { committed } from '../common/views.js';
import type { JobState } from '../jobs/job-backend.js';
import type { FailedJob } from '../jobs/job-queue.js';
import { jobNames, type JobName } from '../jobs/jobs.js';

const Kind = () => OneOf(jobNames, 'Each kind has a queue of its own.');

/** Jobs of one kind that are not done. */
class JobCounts {
  @Kind()
  kind!: JobName;

  @Count('Ready to run.')
  waiting!: number;

  @Count()
  active!: number;

  @Count('To be retried, repeated jobs, or jobs for a worker of a later release.')
  delayed!: number;

  @Count('All attempts have failed, and somebody should look at them.')
  failed!: number;
}

@Describes({
  id: 'FailedJob',
  example: {
    kind: 'usage',
    id: '0f7c6d1e-8a43-4c57-b0b1-0a9c6d5f3e21-42',
    reason: 'the payload is not valid: day',
    attempts: 1,
    createdAt: '2026-11-02T09:30:00.000Z',
    failedAt: '2026-11-02T09:30:01.000Z',
  },
})
export class FailedJobView {
  @Kind()
  kind!: JobName;

  @Characters()
  id!: string;

  @Characters('Why the last attempt failed.')
  reason!: string;

  @Count()
  attempts!: number;

  @Instant()
  createdAt!: Date;

  @Nullable()
  @Instant()
  failedAt!: Date | null;
}

@Describes({
  id: 'Jobs',
  example: {
    counts: [{ kind: 'usage', waiting: 0, active: 1, delayed: 0, failed: 1 }],
    failed: [exampleOf(FailedJobView)],
  },
})
export class JobsView {
  @ListOf(Nested(JobCounts))
  counts!: JobCounts[];

  @ListOf(Nested(FailedJobView), {}, 'The last 100 of each kind.')
  failed!: FailedJobView[];
}
export const JobRetried = committed(FailedJobView);

export function failedJobView(name: JobName, job: FailedJob): FailedJobView {
  return { kind: name, ...job };
}

export function jobCounts(name: JobName, counts: Record<JobState, number>): JobCounts {
  return { kind: name, ...counts };
}
