import { randomUUID } from 'node:crypto';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { eventually } from './eventually.js';
import { sweep } from './reminders.js';
import { startService, type Service } from './service.js';

/** The service of this worker. */
let shared: Promise<Service> | undefined;

function start(): Promise<Service> {
  // Jest stops listening in a worker when there is no more for it to do.
  process.on('removeListener', (event) => {
    if (event === 'message') void stopSharedService();
  });
  return startService();
}

/**
 * The service that the test files of a worker share, one after the other, each with organisations of
 * its own. A file that looks at all of an installation, harms it or sets it up in another way starts one.
 *
 * Its `stop` searches what came of this file for secrets, and lets the next file have it.
 */
export async function shareService(): Promise<Service> {
  const service = await (shared ??= start());
  const begin = service.log.length;
  return {
    ...service,
    get log() {
      return service.log.slice(begin);
    },
    stop: async () => {
      // What is left to do in the background would move the state under the next file.
      await service.app.get(JobQueue).add('removal', randomUUID(), { v: 1 });
      await eventually(async () => {
        const { rowCount } = await service.db.query(
          'SELECT FROM ended_memberships UNION ALL SELECT FROM key_revocations',
        );
        return rowCount === 0;
      }, 60_000);
      await sweep(service);
      await service.searchLeaks();
    },
  };
}

/** At the end of a worker. */
export async function stopSharedService(): Promise<void> {
  const service = await shared;
  shared = undefined;
  await service?.stop();
}
