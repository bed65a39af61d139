import type { Settings } from '../../src/config/settings.js';
import { noOwnRedis, startRedis } from './redis.js';

/** Somewhere for jobs to wait. */
interface OpenBackend {
  settings: Partial<Settings>;
  /** The same for a process. */
  environment: Record<string, string>;
  /** Lets it lose all jobs; undefined where nothing can. */
  forget?: () => Promise<unknown>;
  close(): Promise<void>;
}

export interface Backend {
  name: string;
  /** Why it is not to be had; false when it is. */
  skip: string | false;
  /** Why jobs cannot be lost there; false when they can. */
  keepsJobs: string | false;
  open: () => Promise<OpenBackend>;
}

function over(redisUrl: string, close: () => Promise<void>): OpenBackend {
  return { settings: { redisUrl }, environment: { REDIS_URL: redisUrl }, close };
}

async function openRedis(): Promise<OpenBackend> {
  // Several tests can share one: an installation touches nothing of another.
  const { REDIS_URL } = process.env;
  if (noOwnRedis !== false && REDIS_URL) {
    return over(REDIS_URL, () => Promise.resolve());
  }
  const redis = await startRedis();
  const forget = () => redis.run('FLUSHALL');
  return { ...over(redis.url, () => redis.stop()), forget };
}

/** Both backends of the queue. Whatever jobs do has to hold on each. */
export const backends: readonly Backend[] = [
  {
    name: 'PostgreSQL',
    skip: false,
    keepsJobs: 'nothing can lose jobs',
    open: () => Promise.resolve({ settings: {}, environment: {}, close: () => Promise.resolve() }),
  },
  {
    name: 'Redis',
    skip: process.env.REDIS_URL ? false : noOwnRedis,
    keepsJobs: noOwnRedis !== false && 'the jobs of a shared Redis are not to be lost',
    open: openRedis,
  },
];
