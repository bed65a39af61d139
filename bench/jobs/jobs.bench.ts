import { createKnownKeys } from '../support/known-keys.js';
import { options } from '../support/options.js';
import { runScript } from '../support/script.js';
import { median } from '../support/statistics.js';
import type { JobsRun, JobsTask } from './run-jobs.js';

const { rounds, samples: jobs = 5_000 } = options;
const { REDIS_URL: redisUrl } = process.env;

/** Jobs through each backend, in turn. */
const backends: Record<string, string | undefined> = {
  PostgreSQL: undefined,
  ...(redisUrl && { Redis: redisUrl }),
};
const site = await createKnownKeys(1, 1);
try {
  const runs: Record<string, JobsRun[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, url] of Object.entries(backends)) {
      const task: JobsTask = { site, redisUrl: url, jobs };
      const run = await runScript<JobsRun>(new URL('./run-jobs.js', import.meta.url), task);
      (runs[name] ??= []).push(run);
    }
  }
  console.log(`${jobs} jobs, medians of ${rounds} alternating runs\n`);
  console.log('| jobs in | added/s | done/s |');
  console.log('| --- | --- | --- |');
  for (const [name, those] of Object.entries(runs)) {
    const figure = (of: keyof JobsRun) => median(those.map((run) => run[of])).toFixed(0);
    console.log(`| ${name} | ${figure('added')} | ${figure('done')} |`);
  }
} finally {
  await site.remove();
}
