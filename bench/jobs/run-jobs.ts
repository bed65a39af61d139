import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/common/ids.js';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { openApplication } from '../support/application.js';
import type { KnownKeys } from '../support/known-keys.js';
import { forEach } from '../support/load.js';

export interface JobsTask {
  site: Pick<KnownKeys, 'databaseUrl' | 'secret'>;
  /** Undefined for jobs in PostgreSQL. */
  redisUrl: string | undefined;
  jobs: number;
}

/** Jobs each second. */
export interface JobsRun {
  added: number;
  /** From the first that is added to the last that is done. */
  done: number;
}

/** Each job finds that its delivery is gone: one statement. */
async function measure({ site, redisUrl, jobs }: JobsTask): Promise<JobsRun> {
  const app = await openApplication(site, redisUrl === undefined ? {} : { REDIS_URL: redisUrl });
  const queue = app.get(JobQueue);
  const add = (count: number) =>
    forEach(count, 64, () => {
      const deliveryId = newId('dlv');
      return queue.add('webhook', deliveryId, { deliveryId });
    });
  const untilDone = async () => {
    for (;;) {
      const { waiting, active, delayed } = await queue.counts('webhook');
      if (waiting + active + delayed === 0) return;
      await sleep(20);
    }
  };
  // The service does not wait for Redis when it starts.
  while (!(await queue.counts('webhook').catch(() => undefined))) await sleep(20);
  await add(jobs / 10);
  await untilDone();
  const begin = performance.now();
  await add(jobs);
  const added = performance.now();
  await untilDone();
  const done = performance.now();
  const perSecond = (end: number) => (jobs * 1_000) / (end - begin);
  return { added: perSecond(added), done: perSecond(done) };
}

process.send?.(await measure(JSON.parse(process.argv[2] ?? '') as JobsTask));
