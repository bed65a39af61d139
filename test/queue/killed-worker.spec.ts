import { expect, it } from '@jest/globals';
import type { KeyId } from '../../src/common/ids.js';
import { backends } from '../support/backends.js';
import { onlyInFull } from '../support/environment.js';
import { hold, untilWaiting } from '../support/locks.js';
import { createKey, createOrganisation } from '../support/organisation.js';
import { startProcess } from '../support/process.js';
import { startService } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { addFlush, oneUse, untilCounted, usageOf } from '../support/usage.js';

const timeoutMs = 120_000;

for (const { name, skip, open } of backends) {
  // BullMQ takes half a minute, or a whole one, until it gives the job of a worker that is gone to another.
  describeUnless(onlyInFull || skip, `kill -9 of a worker, with ${name}`, () => {
    it('loses no job that it was running', async () => {
      const backend = await open();
      const api = await startService({ settings: { ...backend.settings, role: 'api' } });
      const { databaseUrl, dataDir, secrets } = api.settings;
      const start = () =>
        startProcess({
          DATABASE_URL: databaseUrl,
          KEYFENCE_SECRET: secrets.join(','),
          KEYFENCE_DATA_DIR: dataDir,
          KEYFENCE_ROLE: 'worker',
          ...backend.environment,
        });
      const workers = [await start()];
      try {
        const org = await createOrganisation(api);
        // One that nobody uses meanwhile.
        const keyId = (await createKey(org.member, org)).id as KeyId;
        const flush = oneUse(keyId);
        {
          await using holder = await hold(api.db, 'LOCK TABLE key_usage IN SHARE MODE');
          await addFlush(api, flush);
          await untilWaiting(api.db);
          await workers[0]?.end('SIGKILL');
          // PostgreSQL would finish the statement of a client that is gone.
          await api.db.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          await holder.commit();
        }
        workers.push(await start());
        await untilCounted(api.db, flush, timeoutMs);
        expect(await usageOf(api.db, keyId)).toMatchObject({ uses: 1 });
      } finally {
        for (const worker of workers) await worker.end('SIGKILL');
        await api.stop();
        await backend.close();
      }
    });
  });
}
