import { randomUUID } from 'node:crypto';
import { JobBackend } from '../../src/jobs/job-backend.js';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { eventually } from './eventually.js';
import type { Service } from './service.js';

/** Adds a job that fails permanently: what it carries is no flush of uses. */
export async function failedJob({ app }: Pick<Service, 'app'>): Promise<string> {
  const id = randomUUID();
  await app.get(JobQueue).add('usage', id, { day: 'never' } as never);
  await untilFailed({ app }, id);
  return id;
}

/** Adds a job that is attempted once. */
export async function addOnce(
  { app }: Pick<Service, 'app'>,
  payload: object,
  id = randomUUID(),
): Promise<string> {
  const queue = await app.get(JobBackend).openQueue('usage');
  try {
    await queue.add('usage', payload, { jobId: id, attempts: 1 });
  } finally {
    await queue.close();
  }
  return id;
}

export async function untilFailed({ app }: Pick<Service, 'app'>, id: string): Promise<void> {
  const queue = app.get(JobQueue);
  await eventually(async () => (await queue.failed('usage', 1_000)).some((job) => job.id === id));
}
