import { z } from 'zod';
import { committed, exampleOf, timestamp } from '../common/answer.js';
import type { JobState } from '../queue/job-backend.js';
import type { FailedJob } from '../queue/job-queue.js';
import { jobNames, type JobName } from '../queue/jobs.js';

const kind = z.enum(jobNames).describe('Each kind has a queue of its own.');
const count = z.int().nonnegative();

/** Jobs of one kind that are not done. */
const JobCounts = z.strictObject({
  kind,
  waiting: count.describe('Somebody could run them now.'),
  active: count,
  delayed: count.describe('To be tried again, or to come by themselves.'),
  failed: count.describe('All attempts have failed, and somebody should look at them.'),
});

const FailedJobView = z
  .strictObject({
    kind,
    id: z.string(),
    reason: z.string().describe('Why the last attempt failed.'),
    attempts: z.int().nonnegative(),
    createdAt: timestamp,
    failedAt: timestamp.nullable(),
  })
  .meta({
    id: 'FailedJob',
    examples: [
      {
        kind: 'usage',
        id: '0f7c6d1e-8a43-4c57-b0b1-0a9c6d5f3e21-42',
        reason: 'the payload is not valid: day',
        attempts: 1,
        createdAt: '2026-11-02T09:30:00.000Z',
        failedAt: '2026-11-02T09:30:01.000Z',
      },
    ],
  });
export type FailedJobView = z.infer<typeof FailedJobView>;

export const JobsView = z
  .strictObject({
    counts: z.array(JobCounts),
    failed: z.array(FailedJobView).describe('The last 100 of each kind.'),
  })
  .meta({
    id: 'Jobs',
    examples: [
      {
        counts: [{ kind: 'usage', waiting: 0, active: 1, delayed: 0, failed: 1 }],
        failed: [exampleOf(FailedJobView)],
      },
    ],
  });
export type JobsView = z.infer<typeof JobsView>;
export const JobRetried = committed(FailedJobView);

export function failedJobView(name: JobName, job: FailedJob): FailedJobView {
  return { kind: name, ...job };
}

export function jobCounts(
  name: JobName,
  counts: Record<JobState, number>,
): z.infer<typeof JobCounts> {
  return { kind: name, ...counts };
}
