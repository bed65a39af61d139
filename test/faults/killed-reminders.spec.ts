import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { jobs } from '../../src/jobs/jobs.js';
import { backends } from '../support/backends.js';
import { count, drawSeed } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { sweep } from '../support/reminders.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';
import { Random } from './random.js';

const keys = count(100, 2_000);
const kills = count(3, 25);
const workers = 2;
/** A killed attempt is made again once its lease is over, and BullMQ has missed its worker. */
const timeoutMs = 300_000;

/** Keys of the member that expire in six days, all of a sudden. */
async function insertDueKeys({ db }: Service, org: Organisation): Promise<void> {
  await db.query(
    `INSERT INTO api_keys (id, org_id, owner_id, name, scope, expires_at)
     SELECT 'key_' || lpad(i::text, 26, '0'), $1, $2, 'key ' || i, 'read',
       now() + interval '90 days'
     FROM generate_series(1, $3::int) i`,
    [org.id, org.member.userId, keys],
  );
  await db.query(
    `UPDATE api_keys SET expires_at = now() + interval '6 days' WHERE name LIKE 'key %'`,
  );
}

function workerOf(api: Service, smtp: Smtp, backend: Record<string, string>) {
  const { databaseUrl, dataDir, secrets } = api.settings;
  return () =>
    startProcess({
      DATABASE_URL: databaseUrl,
      KEYFENCE_SECRET: secrets.join(','),
      KEYFENCE_DATA_DIR: dataDir,
      KEYFENCE_ROLE: 'worker',
      ...smtp.environment,
      ...backend,
    });
}

/** Kills one worker after the other; half-way the queue forgets everything, where it can. */
async function killWorkers(
  running: ServiceProcess[],
  start: () => Promise<ServiceProcess>,
  lot: Random,
  forget: (() => Promise<unknown>) | undefined,
): Promise<void> {
  for (let killed = 0; killed < kills; killed += 1) {
    await delay(lot.between(2_000, 5_000));
    const victim = running.shift();
    await victim?.end('SIGKILL');
    running.push(await start());
    if (killed === Math.floor(kills / 2)) await forget?.();
  }
}

for (const { name, skip, open } of backends) {
  describeUnless(skip, `reminders while workers are killed, with jobs in ${name}`, () => {
    it('all come, and none twice but under the same Message-ID', async () => {
      const seed = drawSeed();
      console.log(`seed ${seed}`);
      const backend = await open();
      const smtp = await startSmtp();
      const api = await startService({ settings: { ...backend.settings, role: 'api' } });
      const start = workerOf(api, smtp, backend.environment);
      const running: ServiceProcess[] = [];
      try {
        const org = await createOrganisation(api);
        await insertDueKeys(api, org);
        for (let n = 0; n < workers; n += 1) running.push(await start());
        await sweep(api);
        await eventually(() => smtp.arrived.length > 0, timeoutMs);
        await killWorkers(running, start, new Random(seed), backend.forget);
        await eventually(async () => {
          const { rowCount } = await api.db.query(`SELECT FROM deliveries WHERE state = 'waiting'`);
          return rowCount === 0;
        }, timeoutMs);

        const { rows } = await api.db.query<{ id: string; key_id: string; state: string }>(
          'SELECT id, key_id, state FROM deliveries WHERE key_id IS NOT NULL',
        );
        expect([seed, rows.length]).toEqual([seed, keys]);
        expect(rows.filter(({ state }) => state !== 'sent')).toEqual([]);
        const mails = smtp.for(org.member.email);
        const sent = new Set(mails.map(({ messageId }) => messageId));
        expect(sent).toEqual(new Set(rows.map(({ id }) => `<${id}@keyfence.example>`)));
        const subjects = new Set(mails.map(({ subject }) => subject));
        expect(subjects.size).toBe(keys);
        const repeated = mails.length - keys;
        console.log(`${mails.length} mails about ${keys} keys, ${kills} kills`);
        expect(repeated).toBeLessThanOrEqual(kills * jobs.email.concurrency);
        const digests = new Set(smtp.for(org.manager.email).map(({ messageId }) => messageId));
        expect(digests.size).toBe(1);
      } finally {
        for (const worker of running) await worker.end('SIGKILL');
        await api.stop();
        await smtp.close();
        await backend.close();
      }
    });
  });
}
