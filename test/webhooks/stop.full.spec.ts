import { expect, it } from '@jest/globals';
import { backends } from '../support/backends.js';
import { createOrganisation } from '../support/organisation.js';
import { startProcess } from '../support/process.js';
import { startReceiver } from '../support/receiver.js';
import { startService } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { createWebhook } from '../support/webhooks.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `a worker that is stopped, with jobs in ${name}`, () => {
    it('does not wait for receivers that hang, and leaves their messages to others', async () => {
      const backend = await open();
      const receiver = await startReceiver();
      const settings = { ...backend.settings, role: 'api', allowPrivateWebhooks: true } as const;
      const service = await startService({ settings });
      const { databaseUrl, dataDir, secrets } = service.settings;
      const worker = await startProcess({
        DATABASE_URL: databaseUrl,
        KEYFENCE_SECRET: secrets.join(','),
        KEYFENCE_DATA_DIR: dataDir,
        KEYFENCE_ROLE: 'worker',
        KEYFENCE_ALLOW_PRIVATE_WEBHOOKS: 'true',
        ...backend.environment,
      });
      try {
        receiver.mood = 'hangs';
        const org = await createOrganisation(service);
        for (let n = 0; n < 10; n += 1) {
          const { path } = await createWebhook(org, { url: receiver.url });
          await org.manager.post(org.path(`${path}/ping`));
        }
        await receiver.until('ping', 10);
        // 1 would say that it took too long.
        expect(await worker.end('SIGTERM')).toEqual({ code: 0 });
        // Invitations of the organisation's people are mail.
        const { rows } = await service.db.query(
          `SELECT DISTINCT state, reason FROM deliveries WHERE channel = 'webhook'`,
        );
        expect(rows).toEqual([
          {
            state: 'waiting',
            reason: 'the receiver had not responded yet when this process stopped',
          },
        ]);
      } finally {
        await worker.end('SIGKILL');
        await service.stop();
        await receiver.close();
        await backend.close();
      }
    });
  });
}
